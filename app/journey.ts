import { join, resolve } from 'node:path'
import type { Logger } from 'pino'
import { createAlarmState } from '../alerts/alarms/sqlAlarms.ts'
import { openDatabase } from '../alerts/db/database.ts'
import { buildServer } from '../alerts/http/server.ts'
import { createEventBus } from '../alerts/live/eventBus.ts'
import { openPglite } from '../alerts/pglite/pglite.ts'
import { createJudge } from '../alerts/policy/judge.ts'
import { openQueue } from '../alerts/queue/open.ts'
import { createDeviceRegister } from '../alerts/register/sqlRegister.ts'
import { createTicketStore } from '../alerts/tickets/sqlTickets.ts'
import type { Catalogue } from '../core/catalogue.ts'
import { type Clock, systemClock } from '../core/clock.ts'
import type { Config } from '../core/config.ts'
import type { LifeEvent } from '../core/device.ts'
import type { DeviceRegister, PredictionQueue, TelemetryStore, TicketStore } from '../core/ports.ts'
import { type Broker, startBroker } from '../ingest/broker/broker.ts'
import { createIntake } from '../ingest/intake.ts'
import { openReadingLog } from '../ingest/log/lmdbLog.ts'
import { startStore } from '../ingest/stores/host.ts'
import type { Accounts, Publisher } from './accounts.ts'
import { Closers } from './closers.ts'
import { createConfirmedRepair } from './confirmedRepair.ts'
import { holdDataFolder } from './dataFolder.ts'
import { FleetState } from './fleetState.ts'
import { healthOf } from './health.ts'
import { listen } from './listen.ts'
import { loadCatalogue } from './loadCatalogue.ts'
import { openMapping } from './loadMapping.ts'
import { loadTls } from './loadTls.ts'
import { defaultFolders } from './paths.ts'
import { queueLook } from './queueLook.ts'
import { connectScorer } from './scoring.ts'
import { keepStored } from './storing.ts'
import { createSummary } from './summary.ts'
import { httpUrl, mqttUrl } from './urls.ts'
import { version } from './version.ts'

export interface JourneyOptions {
  readonly config: Config
  readonly logger: Logger
  readonly clock?: Clock
  /** Made once the broker listens; its page controls and its count of what was sent. */
  readonly simulator?: (broker: { url: string; catalogue: Catalogue }) => Promise<Publisher>
  /** Something without which the process is of no use has ended. */
  readonly onFatal: (error: unknown) => void
}

export interface Journey {
  readonly catalogue: Catalogue
  readonly mqttPort: number
  /** Where devices publish to. */
  readonly mqttUrl: string
  readonly httpUrl: string
  readonly tickets: TicketStore
  readonly register: DeviceRegister
  readonly telemetry: TelemetryStore
  readonly queue: PredictionQueue
  readonly summary: ReturnType<typeof createSummary>
  readonly scored: () => number
  /** Loads the artifacts of the models folder anew while scoring goes on; where one is damaged the old one stays. */
  reloadModels(): Promise<void>
  /** Stops in the order of the journey: first nothing more comes in, last the folder is free again. */
  close(): Promise<void>
}

const consumers = ['store', 'scorer']

/** Starts every part in one process, in an order in which each finds what it needs. */
export async function startJourney(options: JourneyOptions): Promise<Journey> {
  const closers = new Closers()
  const closeAll = () =>
    closers.closeAll((what, error) => options.logger.error({ err: error }, `${what} did not close cleanly`))
  try {
    return await compose(options, closers, closeAll)
  } catch (error) {
    await closeAll()
    throw error
  }
}

async function compose(
  options: JourneyOptions,
  closers: Closers,
  close: () => Promise<void>,
): Promise<Journey> {
  const { config, logger, onFatal, clock = systemClock } = options
  const startedAt = clock.now()
  const catalogue = loadCatalogue(config.catalogue.folder)
  const tls = { http: loadTls(config, 'http'), mqtt: loadTls(config, 'mqtt') }
  const { folder, release } = holdDataFolder(resolve(config.data.folder))
  closers.add('data folder', release)
  const mapping = await openMapping(config, folder, catalogue)
  closers.add('mapping', () => mapping?.state.close())

  const logFolder = join(folder, 'log')
  const log = await openReadingLog({
    folder: logFolder,
    maxBytes: config.log.maxBytes,
    catalogue,
    consumers,
    clock,
  })
  closers.add('reading log', () => log.close())

  const store = await startStore({
    url: config.telemetry.url,
    dataFolder: folder,
    logFolder,
    catalogue,
    logger,
    from: log.cursor('store'),
    onFatal,
  })
  closers.add('telemetry store', () => store.close())
  // A log that was moved away begins anew; the store would take its first blocks for old ones and skip them.
  await log.continueAfter(store.stats().position)
  keepStored(store, log, clock)

  const pglite = await openPglite({ folder: join(folder, 'pg'), onFatal })
  closers.add('PGlite', () => pglite.close())
  const db = await openDatabase(pglite.pool)
  const bus = createEventBus()
  const register = createDeviceRegister(db)
  const alarms = createAlarmState(db)
  const tickets = createTicketStore(db, {
    clock,
    onChange: (ticket, change) => bus.publish({ kind: 'ticket', ticket, change }),
  })
  const queue = await openQueue(config.queue, { pool: pglite.pool, logger })
  closers.add('queue', () => queue.close())
  await queue.process(async (prediction) => {
    const { ticket, outcome } = await tickets.raise(prediction)
    logger.info({ device: ticket.device, mode: ticket.mode, outcome }, `ticket ${ticket.id}`)
  })

  const judge = createJudge({ alarms, queue, settings: config.policy, catalogue, clock })
  await judge.load()
  const fleet = new FleetState(catalogue)
  // A crash may have come between the log and the register.
  await register.seen(log.devices().map((device) => ({ ...device, firstSeen: startedAt })))
  for (const device of await register.list()) fleet.appeared(device, startedAt)

  const modelsFolder = config.models.folder || defaultFolders.models
  const scorer = await connectScorer({
    catalogue,
    logFolder,
    modelsFolder,
    log,
    store,
    judge,
    judged: await alarms.load(),
    fleet,
    bus,
    clock,
    onFatal,
  })
  closers.add('scorer', () => scorer.close())

  const lifeEvent = async (event: LifeEvent) => {
    await register.addEvent(event)
    await judge.event(event)
  }
  const repairWhenConfirmed = createConfirmedRepair({
    register,
    telemetry: store.telemetry,
    lifeEvent,
    clock,
  })
  bus.subscribe((event) => {
    if (event.kind !== 'ticket') return
    repairWhenConfirmed(event.ticket, event.change).catch((error) =>
      logger.error(
        { err: error, ticket: event.ticket.id },
        'its repair was not recorded; send the event anew',
      ),
    )
  })
  let broker: Broker | undefined
  const intake = createIntake({
    catalogue,
    log,
    clock,
    config: { ...config.ingest, maxPayloadBytes: config.mqtt.maxPayloadBytes },
    onNewDevices: (devices) => {
      for (const device of devices) fleet.appeared(device, clock.now())
      const seen = devices.map((device) => ({ ...device, firstSeen: clock.now() }))
      register.seen(seen).catch((error) => logger.error({ err: error }, 'new devices were not registered'))
    },
    onLifeEvent: lifeEvent,
    mapping: mapping && { ...mapping, publish: async (topic, payload) => broker?.publish(topic, payload) },
  })
  const inlet = await startBroker({ config: config.mqtt, tls: tls.mqtt, intake, logger })
  broker = inlet
  closers.add('broker', () => inlet.close())

  const publisher = await options.simulator?.({ url: mqttUrl(config.mqtt, inlet.port), catalogue })
  const accounts: Accounts = {
    catalogue,
    clock,
    startedAt,
    config,
    log,
    store,
    queue: queueLook(queue),
    tickets,
    intake,
    broker: inlet,
    scorer,
    fleet,
    publisher,
  }
  const summary = createSummary(accounts)
  const server = await buildServer({
    catalogue,
    tickets,
    register,
    telemetry: store.telemetry,
    scores: store.scores,
    queue,
    deadLetters: log.deadLetters,
    bus,
    clock,
    states: () => fleet.states(),
    alarm: (device) => judge.alarm(device),
    lifeEvent,
    summary,
    health: () => healthOf(accounts),
    policy: config.policy,
    http: config.http,
    tls: tls.http,
    logger,
    simulator: publisher?.control,
    webFolder: defaultFolders.web,
    version,
  })
  closers.add('HTTP server', () => server.close())
  const httpPort = await listen(server, config.http)
  if (publisher) closers.add('simulated fleet', () => publisher.close())

  return {
    catalogue,
    mqttPort: inlet.port,
    mqttUrl: mqttUrl(config.mqtt, inlet.port),
    httpUrl: httpUrl(config.http, httpPort),
    tickets,
    register,
    telemetry: store.telemetry,
    queue,
    summary,
    scored: () => scorer.metrics().scored,
    reloadModels: async () => {
      for (const type of catalogue.keys()) await scorer.swap(type, join(modelsFolder, type))
    },
    close,
  }
}
