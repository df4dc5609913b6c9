import type { AssetType } from '../../../core/catalogue.ts'
import type { DeviceAlarm } from '../../../core/ports.ts'
import type { Score } from '../../../core/score.ts'
import { newAlarm, resetAlarm } from '../alarm.ts'
import { judge } from '../policy.ts'
import type { PolicySettings } from '../settings.ts'

/** A device's stored scores, champions' alone, oldest first. */
export interface ScoreHistory {
  readonly device: string
  /** Window ends, ms. */
  readonly times: Float64Array
  /** Failure probabilities. */
  readonly probabilities: Float64Array
  /** When it was installed, repaired or replaced, ms, oldest first. */
  readonly renewals: readonly number[]
}

/**
 * Window ends at which the policy would have raised this device's alarm, ms. It is the very policy that judges live, shown
 * only the windows that can change what it does: while the alarm is quiet those over the threshold and the n before and
 * after them, while it stands the n calm ones that clear it. That the others change nothing is tested against the policy.
 *
 * Stored scores do not keep where their window began: one that reaches a whole window's length back is taken for it where
 * a machine is re-baselined, so that after a repair within a gap the replay waits longer than the live policy.
 */
export function raisesOf(history: ScoreHistory, type: AssetType, settings: PolicySettings): number[] {
  const { device, times, probabilities, renewals } = history
  const raises: number[] = []
  let alarm: DeviceAlarm = newAlarm(device)
  let from = 0
  for (const renewal of [...renewals, Number.POSITIVE_INFINITY]) {
    let until = from
    while (until < times.length && times[until]! <= renewal) until += 1
    // Windows before here are judged, whatever they say: those that clear an alarm belong together.
    let clearing = from
    for (let i = from; i < until; i++) {
      if (!alarm.raised) i = beforeAlarm(alarm, probabilities, i, until, settings)
      else if (i >= clearing) {
        i = beforeCalm(probabilities, i, until, settings)
        clearing = i + settings.n
      }
      if (i >= until) break
      const { alarm: after, decision } = judge(alarm, scoreOf(history, i, type), type, settings, times[i]!)
      alarm = after
      if (decision.kind === 'raise') raises.push(times[i]!)
    }
    if (renewal !== Number.POSITIVE_INFINITY) alarm = resetAlarm(alarm, renewal)
    from = until
  }
  return raises
}

/** The next window that matters to a quiet alarm: any while one of its memory is over the threshold, else the next over it. */
function beforeAlarm(
  { recent }: DeviceAlarm,
  probabilities: Float64Array,
  from: number,
  until: number,
  { raiseAt }: PolicySettings,
): number {
  if (recent.includes(true)) return from
  let i = from
  while (i < until && probabilities[i]! < raiseAt) i += 1
  return i
}

/** The next window that matters to an alarm that stands: the first of n in a row that are calm. */
function beforeCalm(
  probabilities: Float64Array,
  from: number,
  until: number,
  { n, clearBelow }: PolicySettings,
): number {
  let calm = 0
  for (let i = from; i < until; i++) {
    calm = probabilities[i]! < clearBelow ? calm + 1 : 0
    if (calm === n) return i - n + 1
  }
  return until
}

const noWindow = new Float32Array(0)

/** As much of a score as the policy looks at. */
function scoreOf({ device, times, probabilities }: ScoreHistory, i: number, type: AssetType): Score {
  const windowEnd = times[i]!
  const first = windowEnd - (type.window.length - 1) * type.cadenceMs
  return {
    device,
    site: '',
    assetType: type.name,
    windowEnd,
    model: '',
    role: 'champion',
    anomaly: Number.NaN,
    rul: { p05: Number.NaN, p10: Number.NaN, p50: Number.NaN, p90: Number.NaN, p95: Number.NaN },
    failureProbability: probabilities[i]!,
    basis: 'learned',
    contributions: {},
    suspectedMode: '',
    publishedAt: Number.NaN,
    evidence: {
      window: noWindow,
      rows: 0,
      channels: [],
      times: Float64Array.of(first),
      backend: '',
      simd: false,
    },
  }
}
