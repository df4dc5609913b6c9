import type { Catalogue } from '../core/catalogue.ts'
import type { Clock } from '../core/clock.ts'
import type { DeviceAlarm, EventBus, ReadingLog } from '../core/ports.ts'
import type { Score } from '../core/score.ts'
import type { StoreHandle } from '../ingest/stores/host.ts'
import { type FleetState, liveScore } from './fleetState.ts'
import type { DeviceScoring } from './threads/scorerProtocol.ts'
import { type ScorerThread, startScorerThread } from './threads/scorerThread.ts'
import { historyOf } from './threads/warmUp.ts'
import { untilAccepted } from './untilAccepted.ts'

export interface ScoringParts {
  readonly catalogue: Catalogue
  readonly logFolder: string
  readonly modelsFolder: string
  readonly log: ReadingLog
  readonly store: StoreHandle
  readonly judge: { judge(scores: readonly Score[]): Promise<unknown> }
  readonly judged: ReadonlyMap<string, DeviceAlarm>
  readonly fleet: FleetState
  readonly bus: EventBus
  readonly clock: Clock
  readonly onFatal: (error: unknown) => void
}

/**
 * Connects the scorer's thread with what follows a score: it is kept, judged, shown, and only then the scorer's cursor
 * moves. After a crash the slice comes again; each of these steps takes a score that it had before as nothing new.
 */
export async function connectScorer(parts: ScoringParts): Promise<ScorerThread> {
  const { catalogue, log, store, judge, fleet, bus, clock } = parts
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
      logFolder: parts.logFolder,
      modelsFolder: parts.modelsFolder,
      // What the scorer has read, but the store has not stored yet, is history that only the log can give.
      from: Math.min(log.cursor('scorer'), log.cursor('store')),
      // A judged device that is not stored yet is scored again from the log; judging it twice changes nothing.
      judged: [...parts.judged.values()].flatMap(({ device, judgedUntil: until }) => {
        const assetType = typeOf.get(device)
        return assetType === undefined ? [] : [{ device, assetType, until }]
      }),
      stored: devices.map((d) => d.device),
    },
    {
      async onScored({ position, scores, states }) {
        if (scores.length > 0) {
          const live = scores.map(liveScore)
          await patiently(() => store.scores.writeScores(live))
          await patiently(() => judge.judge(scores))
          bus.publish({ kind: 'scores', scores: live })
        }
        tell(fleet.scored(scores, states, clock.now()))
        if (position > log.cursor('scorer')) await log.commit('scorer', position)
      },
      history: (sights) => patiently(() => historyOf(store.telemetry, catalogue, sights)),
      onFatal: parts.onFatal,
    },
  )
  const listening = setInterval(() => tell(fleet.fallenSilent(clock.now())), 1_000)
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
