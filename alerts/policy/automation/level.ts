import type { Config } from '../../../core/config.ts'
import { type AutomationLevel, automationLevels } from '../../../core/policySetting.ts'
import { wilsonLower } from '../../../core/wilson.ts'

/** Whether one alarm was right, and since when that is known, ms of the clock that tickets go by. */
export interface Outcome {
  readonly right: boolean
  readonly at: number
}

/** Older outcomes tell of models and machines that are no more. */
export const outcomesCounted = 50

/** What the outcomes of one kind of alarm amount to. */
export interface Standing {
  readonly right: number
  readonly wrong: number
  /** Lower 90 % confidence bound of the share that was right (Wilson). */
  readonly lower: number
}

export type AutomationRules = Pick<Config['policy']['automation'], 'promoteAt' | 'demoteAt' | 'least'>

/** The newest outcomes that came after `since`, when the level was set: each level is earned, and lost, anew. */
export function standingOf(outcomes: readonly Outcome[], since: number): Standing {
  const counted = outcomes
    .filter(({ at }) => at > since)
    .sort((a, b) => b.at - a.at)
    .slice(0, outcomesCounted)
  const right = counted.filter((outcome) => outcome.right).length
  return { right, wrong: counted.length - right, lower: wilsonLower(right, counted.length) }
}

/** The level that the standing calls for, one step up or down, with the reason in words; undefined to stay. */
export function nextLevel(
  level: AutomationLevel,
  { right, wrong, lower }: Standing,
  { promoteAt, demoteAt, least }: AutomationRules,
): { readonly level: AutomationLevel; readonly reason: string } | undefined {
  const known = right + wrong
  if (known < least) return undefined
  const step = lower >= promoteAt ? 1 : lower < demoteAt ? -1 : 0
  const next = automationLevels[automationLevels.indexOf(level) + step]
  if (step === 0 || next === undefined) return undefined
  const way = step > 0 ? `reaches ${percent(promoteAt)}` : `is below ${percent(demoteAt)}`
  const reason = `${right} of the last ${known} were right: with 90 % confidence at least ${percent(lower)}, which ${way}`
  return { level: next, reason }
}

const percent = (share: number): string => `${Math.round(share * 100)} %`
