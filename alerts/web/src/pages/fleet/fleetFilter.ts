import type { DeviceView } from '../../api/types.ts'
import { type Risk, riskOf } from '../../lib/deviceWords.ts'

export interface FleetFilter {
  /** Empty: all of them. */
  readonly risk: Risk | ''
  readonly site: string
  readonly assetType: string
  readonly search: string
}

export const everything: FleetFilter = { risk: '', site: '', assetType: '', search: '' }

const riskOrder: readonly Risk[] = ['likely', 'watch', 'not_scored', 'low']

/** Likely failures first, then what nobody knows anything about; within a band the higher probability. */
function byConcern(a: DeviceView, b: DeviceView): number {
  return (
    riskOrder.indexOf(riskOf(a)) - riskOrder.indexOf(riskOf(b)) ||
    Math.round(20 * (b.score?.failureProbability ?? 0)) -
      Math.round(20 * (a.score?.failureProbability ?? 0)) ||
    a.device.localeCompare(b.device)
  )
}

export function selectDevices(devices: readonly DeviceView[], filter: FleetFilter): DeviceView[] {
  const search = filter.search.trim().toLowerCase()
  return devices
    .filter(
      (d) =>
        (filter.risk === '' || riskOf(d) === filter.risk) &&
        (filter.site === '' || d.site === filter.site) &&
        (filter.assetType === '' || d.assetType === filter.assetType) &&
        (search === '' || `${d.device} ${d.site}`.toLowerCase().includes(search)),
    )
    .sort(byConcern)
}

export function countByRisk(devices: readonly DeviceView[]): Readonly<Record<Risk, number>> {
  const counts = { likely: 0, watch: 0, low: 0, not_scored: 0 }
  for (const device of devices) counts[riskOf(device)]++
  return counts
}
