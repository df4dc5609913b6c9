import { type Catalogue, unknownMode } from '../../../core/catalogue.ts'
import { ForewarnError } from '../../../core/errors.ts'
import type { AutomationLevel, AutomationSetting, SettingChange } from '../../../core/policySetting.ts'
import type { PolicySettingStore } from '../../../core/ports.ts'
import type { PolicyInForce } from '../../settings/inForce.ts'
import { type AutomationRules, nextLevel, type Outcome, type Standing, standingOf } from './level.ts'
import { shadowOutcome } from './shadow.ts'
import type { AutomationOutcomes } from './sqlOutcomes.ts'

/** What alarms of one failure mode may do, and what they have earned since that was set. */
export interface ModeAutomation extends Standing {
  readonly assetType: string
  readonly mode: string
  readonly level: AutomationLevel
  /** Who set it and why; null where the configuration's start level counts. */
  readonly change: SettingChange<AutomationSetting> | null
}

export interface Automation {
  /** Every failure mode of the catalogue, and `unknown`. */
  list(): Promise<ModeAutomation[]>
  /** By hand. Throws NOT_FOUND for a mode that the catalogue has not. */
  set(setting: Omit<AutomationSetting, 'kind'>, by: { actor: string; reason: string }): Promise<SettingChange>
  /** Promotes and demotes where the outcomes say so. Throws SETTING_STALE where somebody was quicker. */
  round(): Promise<SettingChange[]>
}

export interface AutomationParts {
  readonly catalogue: Catalogue
  readonly inForce: PolicyInForce
  readonly store: PolicySettingStore
  readonly outcomes: AutomationOutcomes
  readonly rules: AutomationRules
}

/** Who speaks in the history when no person does. */
const policyActor = 'policy'

/** What alarms may do by themselves is earned by what became of those before them, one failure mode at a time. */
export function createAutomation({
  catalogue,
  inForce,
  store,
  outcomes,
  rules,
}: AutomationParts): Automation {
  const kinds = [...catalogue.values()].flatMap(({ name, failureModes }) =>
    [...failureModes.map((mode) => mode.name), unknownMode].map((mode) => ({ assetType: name, mode })),
  )

  async function list(): Promise<ModeAutomation[]> {
    await inForce.refresh()
    const [verdicts, shadows] = [await byVerdict(), await byLife()]
    return kinds.map(({ assetType, mode }) => {
      const level = inForce.levelOf(assetType, mode)
      const change = inForce.automation(assetType, mode) ?? null
      const known = (level === 'shadow' ? shadows : verdicts).get(`${assetType} ${mode}`) ?? []
      return { assetType, mode, level, change, ...standingOf(known, change?.at ?? 0) }
    })
  }

  async function byVerdict(): Promise<Map<string, Outcome[]>> {
    const groups = new Map<string, Outcome[]>()
    for (const { assetType, mode, ...outcome } of await outcomes.verdicts())
      add(groups, `${assetType} ${mode}`, outcome)
    return groups
  }

  /** In the shadow there is no ticket to look at: the device's own life tells. */
  async function byLife(): Promise<Map<string, Outcome[]>> {
    const groups = new Map<string, Outcome[]>()
    for (const history of await outcomes.shadows()) {
      const type = catalogue.get(history.assetType)
      if (!type) continue
      for (const raise of history.raises) {
        const outcome = shadowOutcome(raise, history, type)
        if (outcome) add(groups, `${type.name} ${raise.mode}`, outcome)
      }
    }
    return groups
  }

  async function decide({ assetType, mode, change, ...standing }: ModeAutomation) {
    const next = nextLevel(standing.level, standing, rules)
    if (!next) return []
    const made = await store.change({
      setting: { kind: 'automation', assetType, mode, level: next.level },
      actor: policyActor,
      reason: next.reason,
      figures: { right: standing.right, wrong: standing.wrong, lower: standing.lower },
      seen: change?.id ?? 0,
    })
    return [made]
  }

  return {
    list,
    async set({ assetType, mode, level }, by) {
      if (!kinds.some((kind) => kind.assetType === assetType && kind.mode === mode))
        throw new ForewarnError('NOT_FOUND', { path: `/api/policy/automation/${assetType}/${mode}` })
      const made = await store.change({ setting: { kind: 'automation', assetType, mode, level }, ...by })
      await inForce.refresh()
      return made
    },
    async round() {
      const made: SettingChange[] = []
      for (const standing of await list()) made.push(...(await decide(standing)))
      if (made.length > 0) await inForce.refresh()
      return made
    },
  }
}

function add(groups: Map<string, Outcome[]>, key: string, outcome: Outcome): void {
  const group = groups.get(key)
  if (group) group.push(outcome)
  else groups.set(key, [outcome])
}
