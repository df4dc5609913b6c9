import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import type { DeviceDecisions } from '../../alerts/http/schemas/decisions.ts'
import { type ApiClient, createApiClient } from '../../app/apiClient.ts'
import { type Journey, startJourney } from '../../app/journey.ts'
import { type Config, parseConfig } from '../../core/config.ts'
import type { Ticket, TicketEvent } from '../../core/ticket.ts'
import type { TrainingLife } from '../../models/training/dataset.ts'
import { seededRandom } from '../../models/training/random.ts'
import { press, pressArtifacts } from '../properties/tinyAsset.ts'
import { until } from './forewarnProcess.ts'
import { LoadPublisher, type Message } from './loadPublisher.ts'

/** How a press of these journeys runs: `worn` ones fail soon, to the model. */
export type Condition = 'sound' | 'worn'

/** Slots before its failure at which a press that trains goes from sound to worn. */
const wornFor = 20
const span = 120

/** Readings of one slot: force 25 kN and heat 6 degrees above those of a sound press. */
function valuesOf(condition: Condition, random: () => number): [number, number, number] {
  const noise = (spread: number) => spread * (random() + random() - 1)
  const speed = 10 + noise(1)
  const wear = condition === 'worn' ? 1 : 0
  return [5 * speed + noise(2) + 25 * wear, 40 + noise(2) + 6 * wear, speed]
}

/** A life that is sound, and from one slot to the next worn until it ends in a failure. */
function trainingLife(seed: number, fails: boolean): TrainingLife {
  const random = seededRandom(seed)
  const values = [new Float64Array(span), new Float64Array(span), new Float64Array(span)]
  for (let slot = 0; slot < span; slot++)
    valuesOf(fails && slot >= span - wornFor ? 'worn' : 'sound', random).forEach((value, c) => {
      values[c]![slot] = value
    })
  const rul = fails ? Float64Array.from({ length: span }, (_, slot) => span - slot) : null
  return { id: `press-${seed}`, values, rul }
}

const trainingLives = () => [
  ...Array.from({ length: 4 }, (_, i) => trainingLife(100 + i, true)),
  ...Array.from({ length: 4 }, (_, i) => trainingLife(200 + i, false)),
]

/** A hall of presses before the whole app, whose scores a journey steers. */
export interface PolicyPlant {
  readonly config: Config
  journey(): Journey
  api(): ApiClient
  /** Event time of the next slot, ms. */
  now(): number
  /** The presses run `slots` minutes on in these conditions; resolves when all of it is scored and judged. */
  run(conditions: Readonly<Record<string, Condition>>, slots: number): Promise<void>
  /** Time passes, and nobody sends anything. */
  pause(slots: number): void
  /** Ends the process and starts it again. */
  restart(): Promise<void>
  /** All tickets, the first that was opened first, as `device mode state`. */
  tickets(): Promise<string[]>
  ticket(id: number): Promise<{ ticket: Ticket; history: readonly TicketEvent[] }>
  why(device: string): Promise<DeviceDecisions>
  /** Ends the process; what it kept stays. */
  stop(): Promise<void>
  close(): Promise<void>
}

/** Slots for which journeys have room before event time would pass now. */
const roomSlots = 2_000

/** Starts the app with a model that is trained for it; `policy` and the rest lie over the configuration. */
export async function policyPlant(settings: Record<string, unknown> = {}): Promise<PolicyPlant> {
  const folder = mkdtempSync(join(tmpdir(), 'forewarn-policy-'))
  mkdirSync(join(folder, 'catalogue'))
  writeFileSync(join(folder, 'catalogue', 'press.yaml'), JSON.stringify(press))
  renameSync(await pressArtifacts(1, trainingLives()), join(folder, 'models'))
  const config = parseConfig({
    ...settings,
    data: { folder: join(folder, 'data') },
    catalogue: { folder: join(folder, 'catalogue') },
    models: { folder: join(folder, 'models') },
    mqtt: { port: 0 },
    http: { port: 0 },
  })
  const start = () =>
    startJourney({
      config,
      logger: pino({ level: 'silent' }),
      onFatal: (error) => {
        throw error
      },
    })
  let journey = await start()
  let next = Math.floor(Date.now() / press.cadenceMs) * press.cadenceMs - roomSlots * press.cadenceMs
  const randoms = new Map<string, () => number>()
  const randomOf = (device: string) => {
    if (!randoms.has(device)) randoms.set(device, seededRandom(1_000 + randoms.size))
    return randoms.get(device)!
  }

  const api = () => createApiClient(config, { url: journey.httpUrl })
  return {
    config,
    journey: () => journey,
    api,
    now: () => next,
    async run(conditions, slots) {
      const messages: Message[] = []
      for (let slot = 0; slot < slots; slot++, next += press.cadenceMs)
        for (const [device, condition] of Object.entries(conditions))
          messages.push(messageOf(device, next, valuesOf(condition, randomOf(device))))
      await publish(journey, messages)
    },
    pause(slots) {
      next += slots * press.cadenceMs
    },
    async restart() {
      await journey.close()
      journey = await start()
    },
    async tickets() {
      const all = await journey.tickets.list()
      return all.toReversed().map(({ device, mode, state }) => `${device} ${mode} ${state}`)
    },
    ticket: async (id) => ({
      ticket: await journey.tickets.get(id),
      history: await journey.tickets.history(id),
    }),
    why: (device) => api().get<DeviceDecisions>(`/api/devices/${device}/decisions`),
    stop: () => journey.close(),
    async close() {
      await journey.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function messageOf(device: string, time: number, row: readonly number[]): Message {
  const values = Object.fromEntries(press.channels.map(({ name }, c) => [name, row[c]!]))
  return {
    device,
    time,
    topic: `forewarn/hall/press/${device}/telemetry`,
    payload: JSON.stringify({ time, values }),
  }
}

/** One message after the other: a slot of every press, then the next. */
async function publish(journey: Journey, messages: readonly Message[]): Promise<void> {
  const publisher = new LoadPublisher(messages, 50)
  await publisher.run(`mqtt://127.0.0.1:${journey.mqttPort}`, AbortSignal.timeout(30_000))
  await until(
    journey.summary,
    ({ log, queue }) =>
      Object.values(log.behind).every((n) => n === 0) && queue.waiting + queue.active + queue.delayed === 0,
    30_000,
  )
}
