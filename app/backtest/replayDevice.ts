import { newAlarm, resetAlarm, stopDevice } from '../../alerts/policy/alarm.ts'
import type { Decision } from '../../alerts/policy/decision.ts'
import { renews } from '../../alerts/policy/judge.ts'
import type { Plant } from '../../alerts/policy/plant.ts'
import { judge } from '../../alerts/policy/policy.ts'
import { type PolicySettings, stopMs } from '../../alerts/policy/settings.ts'
import type { AssetType } from '../../core/catalogue.ts'
import type { DeviceAlarm } from '../../core/ports.ts'
import type { ReadingBatch } from '../../core/reading.ts'
import type { Score } from '../../core/score.ts'
import type { Scorer } from '../../models/scoring/scorer.ts'
import type { LifeMoment } from '../../models/training/labels/timeline.ts'
import { type DeviceSeries, sliceSeries } from '../../models/training/series.ts'

/** Readings that are handed to the scorer at once: bounds the windows that are in memory. */
const rowsAtOnce = 2_000

/** What happens to a device in a replay, in order of event time. */
export type ReplayStep =
  | { readonly kind: 'decision'; readonly time: number; readonly decision: Decision; readonly score: Score }
  | { readonly kind: 'event'; readonly time: number; readonly event: LifeMoment }

export interface ReplayParts {
  readonly type: AssetType
  readonly scorer: Pick<Scorer, 'push' | 'run'>
  readonly policy: PolicySettings
  /** What went on around the device. */
  readonly plant?: Plant | undefined
  /** Where it stands: maintenance may be of a site. */
  readonly site?: string | undefined
}

/**
 * Sends one device's history through the scorer and the policy that run live. A life event takes effect between the
 * windows that end before and after it, as it does where it is told at once.
 */
export async function* replayDevice(
  series: DeviceSeries,
  events: readonly LifeMoment[],
  { type, scorer, policy, plant, site = '' }: ReplayParts,
): AsyncGenerator<ReplayStep> {
  let alarm: DeviceAlarm = newAlarm(series.device)
  const waiting = [...events]
  function* eventsUntil(time: number): Generator<ReplayStep> {
    while (waiting.length > 0 && waiting[0]!.time < time) {
      const event = waiting.shift()!
      if (renews(event.kind)) alarm = resetAlarm(alarm, event.time)
      if (event.kind === 'planned_stop') alarm = stopDevice(alarm, event.time, stopMs(policy))
      yield { kind: 'event', time: event.time, event }
    }
  }
  for (let from = 0; from < series.times.length; from += rowsAtOnce) {
    scorer.push(batchOf(type, sliceSeries(series, from, from + rowsAtOnce)))
    const { scores } = await scorer.run()
    for (const score of scores) {
      const time = score.windowEnd
      yield* eventsUntil(time)
      const judged = judge(alarm, { ...score, site }, type, policy, time, plant)
      alarm = judged.alarm
      yield { kind: 'decision', time, decision: judged.decision, score }
    }
  }
  yield* eventsUntil(Number.POSITIVE_INFINITY)
}

/** Readings as the log hands them over. The stores do not keep the site with a reading, and no score depends on it. */
function batchOf({ name }: AssetType, { device, times, channels }: DeviceSeries): ReadingBatch {
  const unknown = new Float64Array(times.length).fill(Number.NaN)
  return {
    assetType: name,
    length: times.length,
    device: Array.from(times, () => device),
    site: Array.from(times, () => ''),
    time: times,
    receivedAt: times,
    publishedAt: unknown,
    seq: unknown,
    channels,
  }
}
