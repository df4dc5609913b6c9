import type { Judge } from '../../alerts/policy/judge.ts'
import type { KnownPlant } from '../../alerts/policy/plant.ts'
import type { Config } from '../../core/config.ts'
import type { DeviceRegister, EventBus, ModelRegistry, TicketStore } from '../../core/ports.ts'
import { ownLog } from '../../ingest/log/logSource.ts'
import type { StoreHandle } from '../../ingest/stores/host.ts'
import type { DriftReport } from '../../models/drift/driftWatch.ts'
import type { ModelFolders } from '../../models/registry/modelFolders.ts'
import type { ScoreAccount } from '../accounts.ts'
import type { Around } from '../around.ts'
import { every } from '../every.ts'
import { FleetState } from '../fleetState.ts'
import type { Link } from '../link.ts'
import { StatesPoster } from '../live/states.ts'
import { createReferee } from '../referee/referee.ts'
import { connectScorer } from '../scoring.ts'
import { watchDrift } from './drift.ts'
import { openModels } from './models.ts'
import type { Readings } from './readings.ts'
import { holdShare, type ScoreSource, streamSource } from './share.ts'

export interface ScoreParts {
  readonly store: StoreHandle
  readonly judge: Judge
  readonly plant: KnownPlant
  readonly register: DeviceRegister
  readonly tickets: TicketStore
  readonly bus: EventBus
  /** This process's own log; undefined where readings come through the link. */
  readonly readings: Readings | undefined
  readonly link: Link | undefined
}

/** The score role: readings in, scores, states and predictions out. */
export interface ScoreRole {
  readonly fleet: FleetState
  readonly registry: ModelRegistry
  /** How far what is scored is from what trained the champion; undefined where that is not known. */
  drift(assetType: string): DriftReport | undefined
  scored(): number
  account(): ScoreAccount
  /** Loads the artifacts of the models folder anew while scoring goes on; where one is damaged the old one stays. */
  reloadModels(): Promise<void>
}

export async function startScore(around: Around, parts: ScoreParts): Promise<ScoreRole> {
  const { config, catalogue, clock, closers, logger, startedAt } = around
  const { store, judge, register, bus, link, readings } = parts
  const fleet = new FleetState(catalogue)
  for (const device of await register.list()) fleet.appeared(device, startedAt)
  if (link) await holdShare(around, link)
  // Only now: whoever had the share before has changed alarms until this moment.
  await judge.load()
  await keepUp(around, parts.plant)
  const source = link ? await streamSource(around, link, judge, register) : logSource(readings!)
  const poster = link && postStates(around, link, fleet)
  const models = await openModels(around)
  const drift = await watchDrift(catalogue, models.folders)
  let problem: string | null = null
  const scorer = await connectScorer({
    catalogue,
    source: source.start,
    commit: source.commit,
    folders: models.folders,
    backend: config.models.backend,
    logger,
    store,
    judge,
    judged: judge.alarms(),
    fleet,
    bus,
    clock,
    onFatal: around.onFatal,
    onChanged: (devices) => poster?.note(devices),
    onScores: (scores) => drift.take(scores),
    onProblem: (text) => {
      if (problem === null && text !== null)
        logger.warn({ problem: text }, 'readings cannot be read for scoring')
      problem = text
    },
  })
  closers.add('scorer', () => scorer.close())
  const swap = async (type: string, folders: ModelFolders) => {
    await scorer.swap(type, folders)
    await drift.renew(type, folders)
  }
  models.follow(swap)
  if (config.models.promotion === 'automatic' && isFirst(config)) keepJudging(around, parts, models.registry)
  return {
    fleet,
    registry: models.registry,
    drift: (assetType) => drift.report(assetType),
    scored: () => scorer.metrics().scored,
    account: () => ({ metrics: scorer.metrics(), problem }),
    reloadModels: () => models.reload(swap),
  }
}

/** What people change in another process is in force here within this, ms. */
const lookMs = 2_000

/** Follows maintenance and the register; nothing is judged before they are known. */
async function keepUp({ clock, closers, logger }: Around, plant: KnownPlant): Promise<void> {
  await plant.refresh()
  const looking = every(lookMs, plant.refresh, clock, (error) =>
    logger.warn({ err: error }, 'maintenance and parents are as they were'),
  )
  closers.add('maintenance and parents', () => looking.stop())
}

function logSource({ log, logFolder }: Readings): ScoreSource {
  // What the scorer has read, but the store has not stored yet, is history that only the log can give.
  const from = Math.min(log.cursor('scorer'), log.cursor('store'))
  return {
    start: { kind: 'log', folder: logFolder, from },
    async commit({ [ownLog]: position = 0 }) {
      if (position > log.cursor('scorer')) await log.commit('scorer', position)
    },
  }
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

/** Of several score processes one decides for all. */
const isFirst = ({ worker }: Config) => worker.share.startsWith('1/')

const hourMs = 3_600_000

/** Decides about challengers once an hour; every scorer then follows the registry. */
function keepJudging(
  { catalogue, clock, closers, logger }: Around,
  { store, register, tickets }: ScoreParts,
  registry: ModelRegistry,
): void {
  const referee = createReferee({ catalogue, registry, scores: store.scores, register, tickets })
  const rounds = every(
    hourMs,
    async () => {
      for (const { action, hash, reason } of await referee.round())
        logger.info({ model: hash, reason }, `the challenger is ${action}`)
    },
    clock,
    (error) => logger.warn({ err: error }, 'challengers cannot be compared'),
  )
  closers.add('referee', () => rounds.stop())
}
