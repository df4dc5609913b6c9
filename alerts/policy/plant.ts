import type { MaintenanceScope, MaintenanceWindow } from '../../core/maintenance.ts'
import type { DeviceRegister, Maintenance } from '../../core/ports.ts'
import type { Score } from '../../core/score.ts'

/** Where a score belongs, and when. */
export type Place = Pick<Score, 'device' | 'site' | 'assetType' | 'windowEnd'>

/** What the policy has to know of the plant around a device. */
export interface Plant {
  /** The maintenance in force at the window's end, the one that lasts longest. */
  maintenance(place: Place): MaintenanceWindow | undefined
  /** The devices that it hangs on, the nearest first. */
  ancestors(device: string): readonly string[]
}

/** A plant in which nobody works and nothing hangs on anything. */
export const quietPlant: Plant = { maintenance: () => undefined, ancestors: () => [] }

/** Maintenance windows by what they are of, so that a score asks for three names and no list. */
export function indexMaintenance(windows: readonly MaintenanceWindow[]): Plant['maintenance'] {
  if (windows.length === 0) return quietPlant.maintenance
  const index: Record<MaintenanceScope, Map<string, MaintenanceWindow[]>> = {
    device: new Map(),
    site: new Map(),
    asset_type: new Map(),
  }
  for (const window of windows) {
    const same = index[window.scope].get(window.of)
    if (same) same.push(window)
    else index[window.scope].set(window.of, [window])
  }
  return ({ device, site, assetType, windowEnd }) =>
    longest([
      newestCovering(index.device.get(device), windowEnd),
      newestCovering(index.site.get(site), windowEnd),
      newestCovering(index.asset_type.get(assetType), windowEnd),
    ])
}

export const covers = ({ from, to }: Pick<MaintenanceWindow, 'from' | 'to'>, time: number): boolean =>
  from <= time && time < to

const newestCovering = (windows: readonly MaintenanceWindow[] | undefined, time: number) =>
  windows && longest(windows.filter((window) => covers(window, time)))

function longest(windows: readonly (MaintenanceWindow | undefined)[]): MaintenanceWindow | undefined {
  let best: MaintenanceWindow | undefined
  for (const window of windows) if (window && (!best || window.to > best.to)) best = window
  return best
}

/** The devices above one; a circle, which the register refuses, ends where it closes. */
export function ancestorsIn(parents: ReadonlyMap<string, string>, device: string): readonly string[] {
  const above: string[] = []
  for (let next = parents.get(device); next !== undefined; next = parents.get(next)) {
    if (next === device || above.includes(next)) break
    above.push(next)
  }
  return above
}

export interface PlantParts {
  readonly maintenance: Pick<Maintenance, 'list'>
  readonly register: Pick<DeviceRegister, 'parents'>
}

/** The plant as the database has it. */
export interface KnownPlant extends Plant {
  /** Reads it anew; what was known stays in force until then, and where that fails. */
  refresh(): Promise<void>
}

/** Knows of nothing until the first refresh. */
export function createPlant({ maintenance, register }: PlantParts): KnownPlant {
  let inForce = quietPlant.maintenance
  let parents: ReadonlyMap<string, string> = new Map()
  return {
    maintenance: (place) => inForce(place),
    ancestors: (device) => (parents.has(device) ? ancestorsIn(parents, device) : []),
    async refresh() {
      const [windows, known] = await Promise.all([maintenance.list(), register.parents()])
      inForce = indexMaintenance(windows)
      parents = known
    },
  }
}
