import type { Logger } from 'pino'
import type { Catalogue } from '../core/catalogue.ts'
import type { Clock } from '../core/clock.ts'
import type { Config } from '../core/config.ts'
import type { DeviceAlarm, EventBus, SourcePosition } from '../core/ports.ts'
import type { Score } from '../core/score.ts'
import type { StoreHandle } from '../ingest/stores/host.ts'
import type { FoldersByType } from '../models/registry/modelFolders.ts'
import { type FleetState, liveScore } from './fleetState.ts'
import type { DeviceScoring, SourceStart } from './threads/scorerProtocol.ts'
import { type ScorerThread, startScorerThread } from './threads/scorerThread.ts'
import { historyOf } from './threads/warmUp.ts'
import { untilAccepted } from './untilAccepted.ts'

export interface ScoringParts {
  readonly catalogue: Catalogue
  readonly source: SourceStart
  /** Everything that follows from the slices up to here is kept. */
  commit(position: SourcePosition): Promise<void>
  readonly folders: FoldersByType
  readonly backend: Config['models']['backend']
  readonly logger: Pick<Logger, 'warn'>
  readonly store: Pick<StoreHandle, 'telemetry' | 'scores'>
  readonly judge: { judge(scores: readonly Score[]): Promise<unknown> }
  readonly judged: ReadonlyMap<string, DeviceAlarm>
  readonly fleet: FleetState
  readonly bus: EventBus
  readonly clock: Clock
  readonly onFatal: (error: unknown) => void
  /** Devices whose state or score is new. */
  onChanged(devices: readonly { readonly device: string }[]): void
  /** Scores that count, once they are kept. */
  onScores(scores: readonly Score[]): void
  /** Why the source cannot be read; null once it can again. */
  onProblem(problem: string | null): void
}

/**
 * Connects the scorer's thread with what follows a score: it is kept and judged, shown, and only then the scorer's cursor
 * moves. After a crash the slice comes again; each of these steps takes a score that it had before as nothing new.
 */
export async function connectScorer(parts: ScoringParts): Promise<ScorerThread> {
  const { catalogue, store, judge, fleet, bus, clock } = parts
  const tell = (changed: readonly DeviceScoring[]) => {
    for (const { device, state } of changed) bus.publish({ kind: 'device', device, state })
  }
  // A store or queue that is away makes the scorer wait, not the process end: the log keeps what comes meanwhile.
  const closing = new AbortController()
  const patiently = <T>(work: () => Promise<T>) => untilAccepted(work, clock, closing.signal)
  const devices = await storedDevices(parts)
  const typeOf = new Map(devices.map((d) => [d.device, d.assetType]))
  const thread = await startScorerThread(
    {
      catalogue,
      source: parts.source,
      folders: parts.folders,
      backend: parts.backend,
      // A judged device that is not stored yet is scored again from the log; judging it twice changes nothing.
      judged: [...parts.judged.values()].flatMap(({ device, judgedUntil: until }) => {
        const assetType = typeOf.get(device)
        return assetType === undefined ? [] : [{ device, assetType, until }]
      }),
      stored: devices.map((d) => d.device),
    },
    {
      async onScored({ position, scores, states }) {
        parts.onProblem(null)
        // A challenger's scores are kept, to be compared; nothing follows from them.
        const counted = scores.filter(({ role }) => role === 'champion')
        if (scores.length > 0)
          await Promise.all([
            patiently(() => store.scores.writeScores(scores.map(liveScore))),
            patiently(() => judge.judge(counted)),
          ])
        if (counted.length > 0) {
          bus.publish({ kind: 'scores', scores: counted.map(liveScore) })
          parts.onScores(counted)
        }
        tell(fleet.scored(counted, states, clock.elapsed()))
        parts.onChanged(states)
        await patiently(() => parts.commit(position))
      },
      history: (sights) => patiently(() => historyOf(store.telemetry, catalogue, sights)),
      onProblem: parts.onProblem,
      onFatal: (error) => {
        if (!closing.signal.aborted) parts.onFatal(error)
      },
    },
  )
  const { backend, backendProblem } = thread.metrics()
  if (backendProblem) parts.logger.warn({ backend }, backendProblem)
  const listening = setInterval(() => {
    const silent = fleet.fallenSilent(clock.elapsed())
    tell(silent)
    parts.onChanged(silent)
  }, 1_000)
  return {
    ...thread,
    close: () => {
      clearInterval(listening)
      closing.abort()
      return thread.close()
    },
  }
}

async function storedDevices({
  store,
  catalogue,
}: ScoringParts): Promise<{ device: string; assetType: string }[]> {
  const perType = [...catalogue.keys()].map(async (assetType) =>
    (await store.telemetry.devices(assetType)).map(({ device }) => ({ device, assetType })),
  )
  return (await Promise.all(perType)).flat()
}
