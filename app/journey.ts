import type { Logger } from 'pino'
import type { Catalogue } from '../core/catalogue.ts'
import { type Clock, systemClock } from '../core/clock.ts'
import type { Config } from '../core/config.ts'
import type { Role } from '../core/configSchema.ts'
import type { DeviceRegister, PredictionQueue, TelemetryStore, TicketStore } from '../core/ports.ts'
import type { Publisher } from './accounts.ts'
import type { Around } from './around.ts'
import { Closers } from './closers.ts'
import { type HealthParts, healthOf } from './health.ts'
import { loadCatalogue } from './loadCatalogue.ts'
import { loadTls } from './loadTls.ts'
import { createLook } from './look.ts'
import { openParts, type Parts } from './parts.ts'
import { createTrackRecords } from './referee/trackRecords.ts'
import { startAlerts } from './roles/alerts.ts'
import { type OpenBoard, openBoard } from './roles/board.ts'
import { type Ingest, startIngest } from './roles/ingest.ts'
import { recordRoles } from './roles/recording.ts'
import { type ScoreRole, startScore } from './roles/score.ts'
import { type Pages, startHealth, startPages } from './roles/web.ts'
import type { createSummary } from './summary.ts'
import { httpUrl } from './urls.ts'

export interface ProcessOptions {
  readonly config: Config
  readonly logger: Logger
  readonly clock?: Clock
  /** What people take for now, where time is simulated; `clock` by default. */
  readonly today?: Clock
  readonly signal?: AbortSignal
  /** Something without which the process is of no use has ended. */
  readonly onFatal: (error: unknown) => void
}

/** A process with some of the roles. */
export interface Running {
  /** The page and API, or the health alone in a process without the web role. */
  readonly httpUrl: string
  /** Where devices publish to; undefined without the ingest role. */
  readonly mqttUrl: string | undefined
  /** Loads the artifacts of the models folder anew while scoring goes on; where one is damaged the old one stays. */
  reloadModels(): Promise<void>
  /** Stops in the order of the journey: first nothing more comes in, last the folder is free again. */
  close(): Promise<void>
}

export interface JourneyOptions extends ProcessOptions {
  /** Made once the broker listens; its page controls and its count of what was sent. */
  readonly simulator?: (broker: { url: string; catalogue: Catalogue }) => Promise<Publisher>
}

/** A process that does everything. */
export interface Journey extends Running {
  readonly catalogue: Catalogue
  /** Of the embedded broker; 0 with an external one. */
  readonly mqttPort: number
  readonly mqttUrl: string
  readonly tickets: TicketStore
  readonly register: DeviceRegister
  readonly telemetry: TelemetryStore
  readonly queue: PredictionQueue
  readonly summary: ReturnType<typeof createSummary>
  readonly scored: () => number
}

/** Starts the roles of `worker.roles`. */
export const startProcess = (options: ProcessOptions): Promise<Running> => closingOnError(options, compose)

/** Starts every part in one process. */
export function startJourney(options: JourneyOptions): Promise<Journey> {
  return closingOnError(options, async (around, simulator) => {
    const process = await compose(around, simulator)
    const { parts, ingest, score, pages, mqttUrl: url } = process
    return {
      ...process,
      catalogue: around.catalogue,
      mqttPort: ingest!.port ?? 0,
      mqttUrl: url!,
      tickets: parts.tickets,
      register: parts.register,
      telemetry: parts.store.telemetry,
      queue: parts.queue!,
      summary: pages!.summary,
      scored: () => score!.scored(),
    }
  })
}

type Simulator = JourneyOptions['simulator']

/** What was started is stopped again when a later part cannot be. */
async function closingOnError<T extends object>(
  { config, logger, clock = systemClock, today = clock, signal, onFatal, simulator }: JourneyOptions,
  start: (around: Around, simulator: Simulator) => Promise<T>,
): Promise<T & Pick<Running, 'close'>> {
  const closers = new Closers()
  const close = () =>
    closers.closeAll((what, error) => logger.error({ err: error }, `${what} did not close cleanly`))
  const around: Around = {
    config,
    catalogue: loadCatalogue(config.catalogue.folder),
    clock,
    today,
    logger,
    startedAt: clock.now(),
    closers,
    stopping: signal ?? new AbortController().signal,
    has: (role: Role) => config.worker.roles.includes(role),
    onFatal,
  }
  try {
    return { ...(await start(around, simulator)), close }
  } catch (error) {
    await close()
    throw error
  }
}

/** In the journey's order backwards: whoever is given something is ready before it comes. */
async function compose(around: Around, simulator?: Simulator) {
  const { config, catalogue, has, closers } = around
  const tls = { http: loadTls(config, 'http'), mqtt: loadTls(config, 'mqtt') }
  const parts = await openParts(around)
  if (has('alerts')) await startAlerts(around, { ...parts, queue: parts.queue! })
  const score = has('score') ? await startScore(around, scoreParts(parts)) : undefined
  const ingest = has('ingest')
    ? await startIngest(around, {
        ...parts,
        readings: parts.readings!,
        tls: tls.mqtt,
        appeared: (device) => score?.fleet.appeared(device, around.clock.now()),
      })
    : undefined
  const publisher = ingest && (await simulator?.({ url: ingest.url, catalogue }))

  const board = await openBoard(around, { ...parts, ingest: ingest?.account, score: score?.account })
  const { queue } = parts
  const queueLook =
    queue && createLook(() => queue.counts(), { waiting: 0, active: 0, delayed: 0, failed: 0 })
  const health = healthIn(around, parts, board, queueLook)
  const records = createTrackRecords({ ...parts, scores: parts.store.scores, catalogue, clock: around.clock })
  closers.add('track records', async () => records.close())
  recordRoles(around, { parts, ingest, score, queue: queueLook, records })
  const pages = has('web')
    ? await startPages(around, {
        parts,
        board,
        score,
        publisher,
        health,
        queue: queueLook!,
        records,
        tls: tls.http,
      })
    : undefined
  const httpPort = pages?.port ?? (await startHealth(around, { health, tls: tls.http }))
  if (publisher) closers.add('simulated fleet', () => publisher.close())
  return {
    parts,
    ingest: ingest satisfies Ingest | undefined,
    score: score satisfies ScoreRole | undefined,
    pages: pages satisfies Pages | undefined,
    mqttUrl: ingest?.url,
    httpUrl: httpUrl(config.http, httpPort),
    reloadModels: async () => score?.reloadModels(),
  }
}

const scoreParts = ({ judge, plant, ...parts }: Parts) => ({ ...parts, judge: judge!, plant: plant! })

/** The health of the whole installation where the page asks for it, else of this process alone. */
function healthIn({ has }: Around, { databases }: Parts, board: OpenBoard, queue: HealthParts['queue']) {
  const parts = {
    board,
    own: board.own,
    scope: has('web') ? ('installation' as const) : ('process' as const),
    queue,
    database: createLook(databases.ping, undefined),
  }
  return () => healthOf(parts)
}
