import { chooseThreshold } from '../../alerts/policy/budget/threshold.ts'
import type { PolicyInForce } from '../../alerts/settings/inForce.ts'
import type { AssetType, Catalogue } from '../../core/catalogue.ts'
import type { Clock } from '../../core/clock.ts'
import type { Config } from '../../core/config.ts'
import { ForewarnError } from '../../core/errors.ts'
import type { SettingChange } from '../../core/policySetting.ts'
import type { PolicySettingStore } from '../../core/ports.ts'
import { createReplays } from './replays.ts'
import type { ReplayParts, ScoreReplay, TriedThreshold } from './scoreReplay.ts'

/** What a budget would bring, from what was scored lately. */
export interface BudgetPreview extends ScoreReplay {
  readonly perWeek: number | null
  /** The threshold that counts at the moment. */
  readonly present: number
  /** The threshold that the budget leads to; null where it stays as it is. */
  readonly chosen: number | null
  /** Why that one, or why none. */
  readonly reason: string
}

interface By {
  readonly actor: string
  readonly reason: string
}

export interface Budget {
  /** For this budget, or the one that is set, without setting it. Throws NOT_FOUND, BUDGET_TOO_LARGE, BUDGET_BUSY. */
  preview(assetType: string, perWeek: number | undefined, signal?: AbortSignal): Promise<BudgetPreview>
  /** Sets a budget, and the threshold that follows from it; null: none, as the configuration says. Throws as `preview`. */
  set(assetType: string, perWeek: number | null, by: By): Promise<SettingChange>
  /** Sets the threshold by hand, without a budget; null: as the configuration says. Throws NOT_FOUND. */
  setThreshold(assetType: string, raiseAt: number | null, by: By): Promise<SettingChange>
  /** Fits the threshold of every asset type with a budget to what was scored since; returns what changed. */
  refit(): Promise<SettingChange[]>
}

export interface BudgetParts extends ReplayParts {
  readonly catalogue: Catalogue
  readonly inForce: PolicyInForce
  readonly store: PolicySettingStore
  readonly rules: Config['policy']['budget']
  readonly clock: Pick<Clock, 'elapsed'>
}

export function createBudget(parts: BudgetParts): Budget {
  const { catalogue, inForce, store, rules } = parts
  const replays = createReplays(parts)

  function typeOf(assetType: string): AssetType {
    const type = catalogue.get(assetType)
    if (type) return type
    throw new ForewarnError('NOT_FOUND', { path: `/api/policy/budget/${assetType}` })
  }

  async function fitted(type: AssetType, perWeek: number, signal?: AbortSignal): Promise<Fit> {
    await inForce.refresh()
    const replay = await replays.of(type, inForce.settingsOf(type.name), signal)
    return { replay, ...fitOf(replay, perWeek, rules.leastDays) }
  }

  async function change(wish: Parameters<PolicySettingStore['change']>[0]): Promise<SettingChange> {
    const made = await store.change(wish)
    await inForce.refresh()
    return made
  }

  async function refitOne(type: AssetType): Promise<SettingChange[]> {
    await inForce.refresh()
    const now = inForce.threshold(type.name)
    if (!now || now.after.perWeek === null) return []
    const { perWeek } = now.after
    const { row, reason, replay } = await fitted(type, perWeek)
    if (row === null || row.raiseAt === now.after.raiseAt) return []
    const setting = { kind: 'threshold', assetType: type.name, raiseAt: row.raiseAt, perWeek } as const
    const figures = figuresOf(replay, row)
    return [
      await change({ setting, actor: 'policy', reason: `fitted anew: ${reason}`, figures, seen: now.id }),
    ]
  }

  return {
    async preview(assetType, wanted, signal) {
      const type = typeOf(assetType)
      await inForce.refresh()
      const present = inForce.settingsOf(assetType).raiseAt
      const perWeek = wanted ?? inForce.threshold(assetType)?.after.perWeek ?? null
      const replay = await replays.of(type, inForce.settingsOf(assetType), signal)
      const { row, reason } =
        perWeek === null ? { row: null, reason: 'no budget is set' } : fitOf(replay, perWeek, rules.leastDays)
      return { ...replay, perWeek, present, chosen: row?.raiseAt ?? null, reason }
    },

    async set(assetType, perWeek, { actor, reason: why }) {
      const type = typeOf(assetType)
      if (perWeek === null) return this.setThreshold(assetType, null, { actor, reason: why })
      const { row, reason, replay } = await fitted(type, perWeek)
      const before = inForce.threshold(assetType)?.after.raiseAt ?? null
      const setting = { kind: 'threshold', assetType, raiseAt: row?.raiseAt ?? before, perWeek } as const
      return change({ setting, actor, reason: `${why} (${reason})`, figures: figuresOf(replay, row) })
    },

    async setThreshold(assetType, raiseAt, by) {
      typeOf(assetType)
      return change({ setting: { kind: 'threshold', assetType, raiseAt, perWeek: null }, ...by })
    },

    async refit() {
      const made: SettingChange[] = []
      for (const type of catalogue.values()) made.push(...(await refitOne(type)))
      return made
    },
  }
}

interface Fit {
  readonly replay: ScoreReplay
  readonly row: TriedThreshold | null
  readonly reason: string
}

/** The row of the threshold that fits a budget, with words for the history; null where the present one stays. */
export function fitOf(replay: ScoreReplay, perWeek: number, leastDays: number): Omit<Fit, 'replay'> {
  const { days, rows } = replay
  if (days < leastDays) {
    const reason = `too little history, ${figure(days)} of ${figure(leastDays)} days: the threshold stays`
    return { row: null, reason }
  }
  const row = chooseThreshold(rows, perWeek)
  if (row) return { row, reason: `${bringing(row, days)}, the budget is ${figure(perWeek)}` }
  const last = rows.at(-1)!
  return {
    row: last,
    reason: `even the least sensitive threshold is over the budget: ${bringing(last, days)}`,
  }
}

const bringing = ({ raiseAt, perWeek }: TriedThreshold, days: number): string =>
  `${figure(raiseAt)} would have opened ${figure(perWeek)} tickets a week over ${figure(days)} days`

const figure = (value: number): string => String(Number(value.toPrecision(3)))

const figuresOf = (
  { days, devices, scores }: ScoreReplay,
  row: TriedThreshold | null,
): Record<string, number> => ({
  days,
  devices,
  scores,
  ...(row && { perWeek: row.perWeek, missed: row.missed, false: row.false }),
})
