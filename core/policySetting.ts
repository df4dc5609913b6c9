/** What may follow from an alarm by itself: nothing but a record, a ticket that waits for a planner, or all of it. */
export const automationLevels = ['shadow', 'suggest', 'automatic'] as const
export type AutomationLevel = (typeof automationLevels)[number]

/** How sensitive the alarms of an asset type are. */
export interface ThresholdSetting {
  readonly kind: 'threshold'
  readonly assetType: string
  /** Failure probability at which a window counts; null: as the configuration says. */
  readonly raiseAt: number | null
  /** Tickets a week that it follows from; null where it was set by hand. */
  readonly perWeek: number | null
}

/** What alarms of one suspected failure mode have earned. */
export interface AutomationSetting {
  readonly kind: 'automation'
  readonly assetType: string
  readonly mode: string
  readonly level: AutomationLevel
}

export type PolicySetting = ThresholdSetting | AutomationSetting

/** Who set what, when and why. Never edited, only followed by another. */
export interface SettingChange<S extends PolicySetting = PolicySetting> {
  /** Running number over all settings, from 1. */
  readonly id: number
  readonly at: number
  readonly actor: string
  readonly reason: string
  /** Null where the configuration counted until then. */
  readonly before: S | null
  readonly after: S
  /** The numbers behind it. */
  readonly figures: Readonly<Record<string, number>>
}

export interface SettingWish {
  readonly setting: PolicySetting
  readonly actor: string
  readonly reason: string
  readonly figures?: Readonly<Record<string, number>> | undefined
  /** The change that is taken to be in force, 0 for none; whoever gives it is refused where another came between. */
  readonly seen?: number | undefined
}
