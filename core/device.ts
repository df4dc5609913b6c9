/** A device as the register knows it. `device` is unique in the installation. */
export interface Device {
  readonly device: string
  readonly site: string
  readonly assetType: string
  readonly parent: string | null
  readonly criticality: 'low' | 'medium' | 'high'
  readonly firstSeen: number
}

export const criticalities = ['low', 'medium', 'high'] as const

/** What a person changes about a device; what is left out stays. */
export interface DeviceWish {
  /** The device that it hangs on; null for none. */
  readonly parent?: string | null | undefined
  readonly criticality?: Device['criticality'] | undefined
}

/** A change that a person made in the register. */
export interface DeviceEdit {
  readonly device: string
  readonly at: number
  readonly actor: string
  readonly field: 'parent' | 'criticality'
  readonly before: string | null
  readonly after: string | null
}

export const lifeEventKinds = ['installed', 'failed', 'repaired', 'replaced', 'planned_stop'] as const

/** An event in a device's life, from MQTT `.../event`, HTTP or CSV. */
export interface LifeEvent {
  readonly device: string
  readonly time: number
  readonly kind: (typeof lifeEventKinds)[number]
  readonly detail: string
}
