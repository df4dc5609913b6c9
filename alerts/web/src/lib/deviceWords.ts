import { type NotScoredReason, notScoredReasons } from '../../../../core/score.ts'

/** "not scored, because ...": silence is not health, and the reason is always said. */
export const notScoredWords = (reason: NotScoredReason): string =>
  `not scored, because ${notScoredReasons[reason]}`

/** Bands of the failure probability for the eye only; whether a ticket opens is the policy's decision. */
export type Risk = 'likely' | 'watch' | 'low' | 'not_scored'

export const riskLabels: Readonly<Record<Risk, string>> = {
  likely: 'Failure likely',
  watch: 'Watch',
  low: 'Low risk',
  not_scored: 'Not scored',
}

export const riskColors: Readonly<Record<Risk, string>> = {
  likely: 'red',
  watch: 'yellow',
  low: 'petrol',
  not_scored: 'gray',
}

/** `p`: probability of failure within the horizon, 0 to 1. */
export const riskBand = (p: number): Exclude<Risk, 'not_scored'> =>
  p >= 0.5 ? 'likely' : p >= 0.25 ? 'watch' : 'low'

/** The machine's risk as far as it is known: without a valid score it is never called low. */
export function riskOf(device: {
  readonly state: { readonly state: 'scored' | 'not_scored' }
  readonly score: { readonly failureProbability: number } | null
}): Risk {
  if (device.state.state === 'not_scored' || device.score === null) return 'not_scored'
  return riskBand(device.score.failureProbability)
}
