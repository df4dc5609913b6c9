import { renews } from '../../../alerts/policy/judge.ts'
import { type AssetType, unknownMode } from '../../../core/catalogue.ts'
import type { OpenedTicket } from '../../../models/evaluation/maintenance/outcome.ts'
import type { LifeMoment } from '../../../models/training/labels/timeline.ts'
import type { DeviceSeries } from '../../../models/training/series.ts'

/** The rule that most plants have: a sensor outside its limits, which are the same for all machines of a type. */
export interface FixedLimits {
  /** Where the limits come from, for people. */
  readonly name: string
  /** Per channel in catalogue order; null for one that is not watched. */
  readonly limits: readonly (readonly [low: number, high: number] | null)[]
  /** An alarm: k of the newest n readings outside; over when all n are inside. */
  readonly k: number
  readonly n: number
}

/** The catalogue's normal ranges of all sensors. */
export const catalogueLimits = (type: AssetType, k: number, n: number): FixedLimits => ({
  name: 'normal ranges of the catalogue',
  limits: type.channels.map(({ role, normal }) => (role === 'sensor' && normal ? normal : null)),
  k,
  n,
})

/** The tickets that the rule opens: one an alarm. A machine that was renewed begins anew. */
export function limitTickets(
  { device, times, channels }: DeviceSeries,
  events: readonly LifeMoment[],
  { limits, k, n }: FixedLimits,
): OpenedTicket[] {
  const opened: OpenedTicket[] = []
  const renewals = events.filter(({ kind }) => renews(kind)).map(({ time }) => time)
  const outside = new Uint8Array(n)
  let [count, filled, raised, next] = [0, 0, false, 0]
  for (let row = 0; row < times.length; row++) {
    while (next < renewals.length && renewals[next]! <= times[row]!) {
      outside.fill(0)
      ;[count, filled, raised] = [0, 0, false]
      next += 1
    }
    const is = isOutside(channels, limits, row) ? 1 : 0
    count += is - outside[row % n]!
    outside[row % n] = is
    filled = Math.min(n, filled + 1)
    if (!raised && count >= k) {
      raised = true
      opened.push({ device, mode: unknownMode, openedAt: times[row]! })
    } else if (raised && count === 0 && filled === n) raised = false
  }
  return opened
}

function isOutside(channels: readonly Float64Array[], limits: FixedLimits['limits'], row: number): boolean {
  for (let c = 0; c < limits.length; c++) {
    const range = limits[c]
    if (!range) continue
    const value = channels[c]![row]!
    if (value < range[0] || value > range[1]) return true
  }
  return false
}
