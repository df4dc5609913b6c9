export const maintenanceScopes = ['device', 'site', 'asset_type'] as const
export type MaintenanceScope = (typeof maintenanceScopes)[number]

/** A time in which devices are worked on, so that their scores count neither for nor against. */
export interface MaintenanceWindow {
  readonly id: number
  readonly scope: MaintenanceScope
  /** Name of the device, site or asset type. */
  readonly of: string
  /** Event times, ms: a scored window is muted whose end lies in [from, to). */
  readonly from: number
  readonly to: number
  readonly reason: string
  readonly actor: string
  /** Who ended it early; null where nobody did. */
  readonly endedBy: string | null
}

export type NewMaintenance = Omit<MaintenanceWindow, 'id' | 'endedBy'>
