import { pino } from 'pino'
import type { DeliveryList, ReceiverView, TicketDetail } from '../../alerts/http/schemas/index.ts'
import { type ApiClient, createApiClient } from '../../app/apiClient.ts'
import { startJourney } from '../../app/journey.ts'
import { parseConfig } from '../../core/config.ts'
import type { Prediction, Ticket } from '../../core/ticket.ts'
import { predictionOf } from '../contracts/ticketsPredictions.ts'
import { until } from './forewarnProcess.ts'
import { pressPlant } from './pressPlant.ts'

/** A whole forewarn whose policy predicts what a test says; planners and receivers come over real sockets. */
export interface OutgoingPlant {
  readonly url: string
  readonly api: ApiClient
  /** Base64 of a key, for the receivers of a test. */
  readonly secret: string
  /** A predicted fault goes into the queue; resolves with its ticket, and says how long that took, ms. */
  predict(device: string, changes?: Partial<Prediction>): Promise<{ ticket: Ticket; ms: number }>
  /** A planner's step. */
  step(ticket: number, action: string, more?: object): Promise<Ticket>
  webhook(port: number, changes?: object): Promise<ReceiverView>
  /** Oldest first: `opened delivered`. */
  deliveries(receiver: number): Promise<string[]>
  /** Its process ends and begins anew on the same data. */
  restart(): Promise<void>
  close(): Promise<void>
}

export async function startOutgoingPlant(config: Record<string, unknown>): Promise<OutgoingPlant> {
  // Without a model: it starts quickly, and predicts nothing by itself.
  const presses = pressPlant()
  const http = { ...presses.config.http, publicUrl: 'https://forewarn.plant' }
  const settings = parseConfig({ ...presses.config, http, ...config })
  const start = () =>
    startJourney({
      config: settings,
      logger: pino({ level: 'silent' }),
      onFatal: (error) => {
        throw error
      },
    })
  let journey = await start()
  let api = createApiClient(settings, { url: journey.httpUrl })
  let predicted = 0
  const secret = `whsec_${Buffer.alloc(32, 5).toString('base64')}`
  const wishes = { name: 'maintenance system', secret, events: ['opened', 'acknowledged', 'resolved'] }

  return {
    get url() {
      return journey.httpUrl
    },
    get api() {
      return api
    },
    secret,
    async predict(device, changes = {}) {
      const began = performance.now()
      await journey.queue.add(predictionOf({ device, windowEnd: Date.now() + predicted++, ...changes }))
      const [ticket] = await until(
        () => journey.tickets.list({ device }),
        (found) => found.length > 0,
        20_000,
      )
      return { ticket: ticket!, ms: performance.now() - began }
    },
    async step(id, action, more = {}) {
      const { ticket } = await api.get<TicketDetail>(`/api/tickets/${id}`)
      return api.post(`/api/tickets/${id}/${action}`, { actor: 'Anna', version: ticket.version, ...more })
    },
    webhook: (port, changes = {}) =>
      api.post('/api/receivers', {
        kind: 'webhook',
        url: `http://127.0.0.1:${port}/hook`,
        ...wishes,
        ...changes,
      }),
    async deliveries(receiver) {
      const { deliveries } = await api.get<DeliveryList>(`/api/receivers/${receiver}/deliveries`)
      return deliveries.toReversed().map(({ event, state }) => `${event} ${state}`)
    },
    async restart() {
      await journey.close()
      journey = await start()
      api = createApiClient(settings, { url: journey.httpUrl })
    },
    async close() {
      await journey.close()
      presses.remove()
    },
  }
}
