import type { Config } from '../../core/config.ts'
import type {
  AutomationLevel,
  AutomationSetting,
  PolicySetting,
  SettingChange,
  ThresholdSetting,
} from '../../core/policySetting.ts'
import type { PolicySettingStore } from '../../core/ports.ts'
import type { PolicySettings } from '../policy/settings.ts'

/** What counts at the moment; asked for every window, so it answers from memory. */
export interface PolicyInForce {
  settingsOf(assetType: string): PolicySettings
  levelOf(assetType: string, mode: string): AutomationLevel
  /** The change that set it; undefined where the configuration counts. */
  threshold(assetType: string): SettingChange<ThresholdSetting> | undefined
  automation(assetType: string, mode: string): SettingChange<AutomationSetting> | undefined
  /** Looks whether something was changed, here or by another process. */
  refresh(): Promise<void>
}

type Policy = Pick<Config['policy'], 'automation'> & PolicySettings

/** The configuration's settings until `refresh` has found others. */
export function createPolicyInForce(store: PolicySettingStore, policy: Policy): PolicyInForce {
  let revision = 0
  let changes = new Map<string, SettingChange>()
  let settings = new Map<string, PolicySettings>()
  const threshold = (assetType: string) =>
    changes.get(placeOf({ kind: 'threshold', assetType })) as SettingChange<ThresholdSetting> | undefined
  const automation = (assetType: string, mode: string) =>
    changes.get(placeOf({ kind: 'automation', assetType, mode })) as
      | SettingChange<AutomationSetting>
      | undefined
  return {
    settingsOf(assetType) {
      const known = settings.get(assetType)
      if (known) return known
      const made = withRaiseAt(policy, threshold(assetType)?.after.raiseAt ?? null)
      settings.set(assetType, made)
      return made
    },
    levelOf: (assetType, mode) => automation(assetType, mode)?.after.level ?? policy.automation.start,
    threshold,
    automation,
    async refresh() {
      const newest = await store.revision()
      if (newest === revision) return
      const found = await store.inForce()
      changes = new Map(found.map((change) => [placeOf(change.after), change]))
      settings = new Map()
      revision = newest
    },
  }
}

type Place = Pick<PolicySetting, 'kind' | 'assetType'> & { readonly mode?: string }

const placeOf = ({ kind, assetType, mode = '' }: Place): string => `${kind} ${assetType} ${mode}`

/** The settings at another threshold: `clearBelow` keeps its ratio to it, so that the hysteresis does. */
export function withRaiseAt<S extends PolicySettings>(settings: S, raiseAt: number | null): S {
  if (raiseAt === null) return settings
  const ratio = settings.raiseAt > 0 ? settings.clearBelow / settings.raiseAt : 0
  return { ...settings, raiseAt, clearBelow: raiseAt * ratio }
}
