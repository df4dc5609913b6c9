import { join } from 'node:path'
import { readLifeEvents } from '../../alerts/live/lifeStream.ts'
import type { Judge } from '../../alerts/policy/judge.ts'
import { ForewarnError } from '../../core/errors.ts'
import type { AlarmState, DeviceRegister, EventBus, SourcePosition } from '../../core/ports.ts'
import { logsKey } from '../../ingest/handoff/keys.ts'
import { takeLease } from '../../ingest/handoff/lease.ts'
import { holds, parseShare } from '../../ingest/handoff/partition.ts'
import { openScoredPositions, type ScoredPositions } from '../../ingest/handoff/scored.ts'
import { ownLog } from '../../ingest/log/logSource.ts'
import type { StoreHandle } from '../../ingest/stores/host.ts'
import type { ScoreAccount } from '../accounts.ts'
import type { Around } from '../around.ts'
import { every } from '../every.ts'
import { FleetState } from '../fleetState.ts'
import type { Link } from '../link.ts'
import { StatesPoster } from '../live/states.ts'
import { defaultFolders } from '../paths.ts'
import { connectScorer } from '../scoring.ts'
import type { SourceStart } from '../threads/scorerProtocol.ts'
import type { Readings } from './readings.ts'

export interface ScoreParts {
  readonly store: StoreHandle
  readonly judge: Judge
  readonly alarms: AlarmState
  readonly register: DeviceRegister
  readonly bus: EventBus
  /** This process's own log; undefined where readings come through the link. */
  readonly readings: Readings | undefined
  readonly link: Link | undefined
}

/** The score role: readings in, scores, states and predictions out. */
export interface ScoreRole {
  readonly fleet: FleetState
  scored(): number
  account(): ScoreAccount
  /** Loads the artifacts of the models folder anew while scoring goes on; where one is damaged the old one stays. */
  reloadModels(): Promise<void>
}

/** Where the scorer reads, and how it says how far it is. */
interface Source {
  readonly start: SourceStart
  commit(position: SourcePosition): Promise<void>
}

export async function startScore(around: Around, parts: ScoreParts): Promise<ScoreRole> {
  const { config, catalogue, clock, closers, logger, startedAt } = around
  const { store, judge, alarms, register, bus, link, readings } = parts
  const fleet = new FleetState(catalogue)
  for (const device of await register.list()) fleet.appeared(device, startedAt)
  if (link) await holdShare(around, link)
  // Only now: whoever had the share before has changed alarms until this moment.
  await judge.load()
  const source = link ? await streamSource(around, link, judge, register) : logSource(readings!)
  const poster = link && postStates(around, link, fleet)
  const modelsFolder = config.models.folder || defaultFolders.models
  let problem: string | null = null
  const scorer = await connectScorer({
    catalogue,
    source: source.start,
    commit: source.commit,
    modelsFolder,
    backend: config.models.backend,
    logger,
    store,
    judge,
    judged: await alarms.load(),
    fleet,
    bus,
    clock,
    onFatal: around.onFatal,
    onChanged: (devices) => poster?.note(devices),
    onProblem: (text) => {
      if (problem === null && text !== null)
        logger.warn({ problem: text }, 'readings cannot be read for scoring')
      problem = text
    },
  })
  closers.add('scorer', () => scorer.close())
  return {
    fleet,
    scored: () => scorer.metrics().scored,
    account: () => ({ metrics: scorer.metrics(), problem }),
    reloadModels: async () => {
      for (const type of catalogue.keys()) await scorer.swap(type, join(modelsFolder, type))
    },
  }
}

function logSource({ log, logFolder }: Readings): Source {
  // What the scorer has read, but the store has not stored yet, is history that only the log can give.
  const from = Math.min(log.cursor('scorer'), log.cursor('store'))
  return {
    start: { kind: 'log', folder: logFolder, from },
    async commit({ [ownLog]: position = 0 }) {
      if (position > log.cursor('scorer')) await log.commit('scorer', position)
    },
  }
}

/** Waits until this process alone has its share of the devices, and follows the life events of those. */
async function streamSource(
  around: Around,
  link: Link,
  judge: Judge,
  register: Pick<DeviceRegister, 'events'>,
): Promise<Source> {
  const { config } = around
  const positions = await tellProgress(around, link)
  followLifeEvents(around, link, judge, register)
  return {
    start: { kind: 'streams', redis: config.queue, share: parseShare(config.worker.share) },
    commit: (position) => positions.commit(position),
  }
}

async function holdShare(
  { config, clock, closers, logger, stopping, onFatal }: Around,
  link: Link,
): Promise<void> {
  const { share, name } = config.worker
  const lease = await takeLease({
    redis: link.commands,
    what: `share:${share}`,
    holder: name,
    // 1/2 and 2/3 would overlap
    agreement: { on: 'shares', value: `of ${parseShare(share).of}` },
    clock,
    signal: stopping,
    taken: (holder) => new ForewarnError('SHARE_TAKEN', { share, holder }),
    onWaiting: (error) => logger.warn({ remedy: error.remedy }, error.message),
    onLost: onFatal,
  })
  closers.add('share of the devices', () => lease.release())
}

async function tellProgress({ clock, closers, logger }: Around, link: Link): Promise<ScoredPositions> {
  const positions = await openScoredPositions(link.commands)
  const repeating = every(1_000, positions.repeat, clock, (error) =>
    logger.warn({ err: error }, 'progress of scoring is not told'),
  )
  closers.add('progress of scoring', () => repeating.stop())
  return positions
}

/** Tells the policy what the register knows of devices whose alarm stands: there a repair that was not heard would matter. */
async function heardBefore(
  judge: Judge,
  register: Pick<DeviceRegister, 'events'>,
  isMine: (device: string) => Promise<boolean>,
): Promise<void> {
  for (const { device, raised } of judge.alarms().values()) {
    if (!raised || !(await isMine(device))) continue
    for (const event of await register.events(device)) await judge.event(event)
  }
}

function followLifeEvents(
  { config, clock, closers, logger }: Around,
  link: Link,
  judge: Judge,
  register: Pick<DeviceRegister, 'events'>,
): void {
  const share = parseShare(config.worker.share)
  const isMine = async (device: string) => {
    const counts = (await link.commands.hvals(logsKey)).map(Number)
    const known = counts.length > 0 ? counts : [config.handoff.partitions]
    return known.some((partitions) => holds(share, device, partitions))
  }
  /** A Redis that failed over may have forgotten a life event; the register has them all, and told again they change nothing. */
  const catchUp = () => {
    heardBefore(judge, register, isMine).catch((error) =>
      logger.warn({ err: error }, 'life events were not looked up in the register'),
    )
  }
  const stopping = new AbortController()
  const following = readLifeEvents({
    redis: link.commands,
    reader: config.worker.share,
    clock,
    signal: stopping.signal,
    // The other shares hear of it, too; an alarm is kept by whoever scores its device.
    onEvent: async (event) => {
      if (await isMine(event.device)) await judge.event(event)
    },
    onProblem: (error) => logger.warn({ err: error }, 'life events wait'),
  })
  catchUp()
  link.commands.on('ready', catchUp)
  closers.add('life events', () => {
    stopping.abort()
    return following
  })
}

function postStates({ clock, closers, logger }: Around, link: Link, fleet: FleetState): StatesPoster {
  const poster = new StatesPoster(link.commands, () => fleet.states())
  link.commands.on('ready', () => poster.noteAll())
  const posting = every(
    1_000,
    () => poster.post(),
    clock,
    (error) => logger.warn({ err: error }, 'states of devices are not shown'),
  )
  closers.add('states of devices', () => posting.stop())
  return poster
}
