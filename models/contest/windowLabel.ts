import type { LifePart } from '../training/labels/timeline.ts'

/**
 * Whether a failure lay within `horizon` (ms) of a window that ended at `time`: what a forecast of it is held against.
 * Undefined where nobody can know: the life ended for another reason, or has not gone on for long enough, or a fault was
 * on its way of which only the repair is known.
 */
export function windowLabel(part: LifePart, time: number, horizon: number): boolean | undefined {
  const { until, end, suspectFrom, healthyUntil } = part
  if (end === 'failed') return until - time <= horizon
  if (end === 'confirmed') {
    // Since its ticket the fault was on its way; how long before it nobody knows.
    const begun = suspectFrom ?? until
    if (time >= begun) return true
    return begun - time > horizon ? false : undefined
  }
  if (healthyUntil !== null && time <= healthyUntil) return false
  return time + horizon <= until ? false : undefined
}
