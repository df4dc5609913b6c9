import type { Summary } from '../alerts/http/schemas/index.ts'
import type { Catalogue } from '../core/catalogue.ts'
import type { TelemetryStore, TicketStore } from '../core/ports.ts'
import type { Accounts } from './accounts.ts'
import { healthOf } from './health.ts'
import { Rate } from './rate.ts'

/**
 * The installation at one look. `stored` comes from a query of the store and `sent` from the publisher, never from one
 * counter twice; `inLog` is what the log holds behind the store's cursor.
 */
export function createSummary(accounts: Accounts): () => Promise<Summary> {
  const { clock, startedAt, config, log, store, queue, tickets, intake, latency, broker, scorer, fleet } =
    accounts
  const rate = new Rate()
  return async () => {
    const now = clock.now()
    const { messages, readings: accepted, rejectedValues: valuesRejected } = intake.stats()
    rate.sample(now, messages)
    const dead = await log.deadLetters.counts()
    const devices = [...fleet.states().values()]
    const scored = devices.filter((d) => d.state.state === 'scored').length
    const { clients, refused: refusedClients } = broker.stats()
    const { bytes, behind, oldestAgeMs } = log.stats()
    const { late, numTensors, backend, simd, models, scored: windows } = scorer.metrics()
    return {
      now,
      startedAt,
      devices: { known: devices.length, scored, notScored: devices.length - scored },
      messages: { total: messages, perSecond: rate.perSecond(), clients, refusedClients },
      readings: { ...(await lossEquation(accounts, dead.readings)), accepted, valuesRejected },
      deadLetters: dead.byReason,
      log: { bytes, maxBytes: config.log.maxBytes, behind: { ...behind }, oldestAgeMs },
      ackLatencyMs: latency.quantiles(),
      store: { state: store.stats().state, error: store.stats().error ?? null },
      queue: (await queue()).counts,
      scoring: { scored: windows, late, numTensors, backend, simd, models: [...models] },
      tickets: await tickets.countByState(),
      publishToTicketMs: await publishToTicket(tickets),
      health: await healthOf(accounts),
    }
  }
}

/**
 * sent = stored + duplicates + deadLettered + inLog + lost, in readings. Asked for in the order of the journey while
 * readings move on: one may be counted in the log and again in the store, none is missed, so nothing looks lost that is not.
 */
async function lossEquation({ catalogue, log, store, publisher }: Accounts, deadLettered: number) {
  const sent = publisher?.sent() ?? null
  const inLog = log.stats().behind.store ?? 0
  const { duplicates } = store.stats()
  const stored = await storedReadings(store.telemetry, catalogue)
  const lost = sent === null ? null : Math.max(0, sent - stored - duplicates - deadLettered - inLog)
  return { sent, stored, duplicates, deadLettered, inLog, lost }
}

async function storedReadings(telemetry: TelemetryStore, catalogue: Catalogue): Promise<number> {
  const counts = await Promise.all([...catalogue.keys()].map((type) => telemetry.counts(type)))
  return counts.flatMap((perDevice) => [...perDevice.values()]).reduce((sum, n) => sum + n, 0)
}

async function publishToTicket(tickets: TicketStore): Promise<Summary['publishToTicketMs']> {
  const known = (await tickets.list({ limit: 50 })).flatMap((t) =>
    t.publishToTicketMs === null ? [] : [t.publishToTicketMs],
  )
  const sorted = [...known].sort((a, b) => a - b)
  return { newest: known[0] ?? null, median: sorted[Math.floor(sorted.length / 2)] ?? null }
}
