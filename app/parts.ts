import { join, resolve } from 'node:path'
import { createAlarmState } from '../alerts/alarms/sqlAlarms.ts'
import { createEventBus } from '../alerts/live/eventBus.ts'
import { tellLifeEvent } from '../alerts/live/lifeStream.ts'
import { createRedisBus } from '../alerts/live/redisBus.ts'
import { createMaintenance } from '../alerts/maintenance/sqlMaintenance.ts'
import { createNotices } from '../alerts/notices/sqlNotices.ts'
import { createJudge, type Judge } from '../alerts/policy/judge.ts'
import { createPlant, type KnownPlant } from '../alerts/policy/plant.ts'
import { openQueue } from '../alerts/queue/open.ts'
import { createDeviceRegister } from '../alerts/register/sqlRegister.ts'
import { createTicketStore } from '../alerts/tickets/sqlTickets.ts'
import { roleNames } from '../core/configSchema.ts'
import type { LifeEvent } from '../core/device.ts'
import type {
  AlarmState,
  DeviceRegister,
  EventBus,
  Maintenance,
  Notices,
  PredictionQueue,
  TicketStore,
} from '../core/ports.ts'
import type { Ticket } from '../core/ticket.ts'
import type { StoreHandle } from '../ingest/stores/host.ts'
import type { Around } from './around.ts'
import { createConfirmedRepair } from './confirmedRepair.ts'
import { type Databases, openDatabases } from './databases.ts'
import { holdDataFolder } from './dataFolder.ts'
import { createLifeEvents } from './lifeEvents.ts'
import { type Link, openLink } from './link.ts'
import { openReadings, openStore, type Readings } from './roles/readings.ts'
import { untilAccepted } from './untilAccepted.ts'

/** What the roles of a process share; a part that none of its roles needs is not there. */
export interface Parts {
  /** To the other processes of the installation; undefined where this one does everything. */
  readonly link: Link | undefined
  readonly readings: Readings | undefined
  readonly store: StoreHandle
  readonly databases: Databases
  readonly bus: EventBus
  readonly register: DeviceRegister
  readonly alarms: AlarmState
  readonly tickets: TicketStore
  readonly queue: PredictionQueue | undefined
  readonly judge: Judge | undefined
  readonly maintenance: Maintenance
  readonly notices: Notices
  /** As the policy of this process knows it. */
  readonly plant: KnownPlant | undefined
  /** Keeps a life event and tells the policy. */
  lifeEvent(event: LifeEvent): Promise<void>
  /** Who else hears of the life events that are told in this process. */
  onLifeEvent(hear: (event: LifeEvent) => void): void
  /** What has to be written down while the store still takes it, after everything that tells of something is closed. */
  beforeStoreCloses(close: () => Promise<void>): void
}

/** Opens them in an order in which each finds what it needs; the closers run it backwards. */
export async function openParts(around: Around): Promise<Parts> {
  const { config, has, clock, today, catalogue } = around
  const link = roleNames.every(has) ? undefined : await connect(around)
  const folder = has('ingest') ? holdFolder(around) : resolve(config.data.folder)
  const readings = has('ingest') ? await openReadings(around, folder, link) : undefined
  const store = readings?.store ?? (await openStore(around, folder))
  const last: (() => Promise<void>)[] = []
  around.closers.add('last records', async () => {
    for (const close of last) await close()
  })

  const databases = await openDatabases(around, join(folder, 'pg'))
  const { db } = databases
  const stored = createDeviceRegister(db)
  const plant: KnownPlant | undefined = has('score')
    ? createPlant({ register: stored, maintenance: createMaintenance(db) })
    : undefined
  // Where the policy is in this process it hears at once; others look every few seconds.
  const refresh = async () => plant?.refresh()
  const maintenance = createMaintenance(db, refresh)
  const register: DeviceRegister = {
    ...stored,
    async edit(...change) {
      const device = await stored.edit(...change)
      await refresh()
      return device
    },
  }
  const alarms = createAlarmState(db)
  const queue =
    has('score') || has('alerts') || has('web') ? await openTheQueue(around, databases, link) : undefined
  const judge = has('score')
    ? createJudge({ alarms, queue: queue!, settings: config.policy, catalogue, clock: today, plant })
    : undefined

  const bus = link ? await connectedBus(around, link) : createEventBus()
  const notices = createNotices(db, {
    clock: today,
    onChange: (notice) => bus.publish({ kind: 'notice', notice }),
  })
  const hearers: ((event: LifeEvent) => void)[] = []
  const lifeEvent = createLifeEvents(register, async (event) => {
    await (link ? tellLifeEvent(link.commands, event) : judge!.event(event))
    for (const hear of hearers) hear(event)
  })
  const repair = createRepair(around, { register, lifeEvent, store })
  const tickets = createTicketStore(db, {
    clock: today,
    wall: clock,
    onChange: (ticket, change) => {
      bus.publish({ kind: 'ticket', ticket, change })
      repair(ticket, change)
    },
  })
  return {
    link,
    readings,
    store,
    databases,
    bus,
    register,
    alarms,
    tickets,
    queue,
    judge,
    maintenance,
    notices,
    plant,
    lifeEvent,
    onLifeEvent: (hear) => hearers.push(hear),
    beforeStoreCloses: (close) => last.push(close),
  }
}

function holdFolder({ config, closers }: Around): string {
  const { folder, release } = holdDataFolder(resolve(config.data.folder))
  closers.add('data folder', release)
  return folder
}

async function connect({ config, closers, logger }: Around): Promise<Link> {
  const link = await openLink(config.queue, {
    onError: (error) => logger.debug({ err: error }, 'Redis'),
    onRisk: ({ problem, setting }) => logger.warn({ setting }, `Redis: ${problem}`),
  })
  closers.add('Redis', () => link.close())
  return link
}

async function openTheQueue(
  { config, closers, logger }: Around,
  databases: Databases,
  link: Link | undefined,
): Promise<PredictionQueue> {
  const queue = await openQueue(config.queue, { pool: databases.embedded, redis: link?.redis, logger })
  closers.add('queue', () => queue.close())
  return queue
}

const connectedBus = ({ logger }: Around, { commands, subscriber }: Link): Promise<EventBus> =>
  createRedisBus({ commands, subscriber, onError: (error) => logger.warn({ err: error }, 'live changes') })

/** In the process in which a planner resolves a ticket, and there alone: an event of the bus may get lost. */
function createRepair(
  { clock, closers, logger }: Around,
  { register, lifeEvent, store }: Pick<Parts, 'register' | 'lifeEvent' | 'store'>,
): (ticket: Ticket, change: string) => void {
  const closing = new AbortController()
  closers.add('confirmed repairs', () => closing.abort())
  const patiently = (event: LifeEvent) => untilAccepted(() => lifeEvent(event), clock, closing.signal)
  const repair = createConfirmedRepair({
    register,
    telemetry: store.telemetry,
    lifeEvent: patiently,
    clock,
  })
  return (ticket, change) => {
    repair(ticket, change).catch((error) =>
      logger.error({ err: error, ticket: ticket.id }, 'its repair was not recorded; send the event anew'),
    )
  }
}
