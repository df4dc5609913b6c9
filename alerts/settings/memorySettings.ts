import type { Clock } from '../../core/clock.ts'
import { ForewarnError } from '../../core/errors.ts'
import type { PolicySetting, SettingChange } from '../../core/policySetting.ts'
import type { PolicySettingStore } from '../../core/ports.ts'

const placeOf = (setting: PolicySetting): string =>
  `${setting.kind} ${setting.assetType} ${setting.kind === 'automation' ? setting.mode : ''}`

/** Settings of a process that keeps nothing: tests and replays. */
export function createMemorySettings(clock: Pick<Clock, 'now'>): PolicySettingStore {
  const changes: SettingChange[] = []
  const newestOf = (setting: PolicySetting) =>
    changes.findLast(({ after }) => placeOf(after) === placeOf(setting))
  return {
    revision: async () => changes.length,
    inForce: async () => changes.filter((change) => newestOf(change.after) === change),
    history: async (assetType, limit = 100) =>
      changes
        .filter(({ after }) => assetType === undefined || after.assetType === assetType)
        .toReversed()
        .slice(0, limit),
    async change({ setting, actor, reason, figures = {}, seen }) {
      const newest = newestOf(setting)
      if (seen !== undefined && seen !== (newest?.id ?? 0)) {
        const { assetType } = setting
        const { actor: other = 'nobody', reason: why = 'nothing is set' } = newest ?? {}
        throw new ForewarnError('SETTING_STALE', { assetType, actor: other, reason: why })
      }
      const id = changes.length + 1
      const before = newest?.after ?? null
      const made: SettingChange = { id, at: clock.now(), actor, reason, before, after: setting, figures }
      changes.push(made)
      return made
    },
  }
}
