/** A device as the register knows it. `device` is unique in the installation. */
export interface Device {
  readonly device: string
  readonly site: string
  readonly assetType: string
  readonly parent: string | null
  readonly criticality: 'low' | 'medium' | 'high'
  readonly firstSeen: number
  /** In the asset type's usage unit; left out: as the catalogue says. */
  readonly usagePerDay?: number | null | undefined
}

export const lifeEventKinds = ['installed', 'failed', 'repaired', 'replaced', 'planned_stop'] as const

/** An event in a device's life, from MQTT `.../event`, HTTP or CSV. */
export interface LifeEvent {
  readonly device: string
  readonly time: number
  readonly kind: (typeof lifeEventKinds)[number]
  readonly detail: string
}
