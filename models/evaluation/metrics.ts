import type { RulQuantiles } from '../../core/score.ts'

/** One prediction beside what came true, usage units. */
export interface Predicted {
  /** Point estimate. */
  readonly predicted: number
  readonly truth: number
}

export const rmse = (pairs: readonly Predicted[]): number =>
  Math.sqrt(pairs.reduce((sum, { predicted, truth }) => sum + (predicted - truth) ** 2, 0) / pairs.length)

/** The PHM08 score: late predictions (d > 0) cost more than early ones. Sum over all pairs. */
export const phmScore = (pairs: readonly Predicted[]): number =>
  pairs.reduce((sum, { predicted, truth }) => {
    const d = predicted - truth
    return sum + (d < 0 ? Math.exp(-d / 13) : Math.exp(d / 10)) - 1
  }, 0)

export interface Coverage {
  readonly count: number
  /** Share of truths inside [p05, p95]. */
  readonly coverage: number
  readonly meanWidth: number
}

/** Coverage of the nominal 90 % interval. */
export function coverage90(pairs: readonly { rul: RulQuantiles; truth: number }[]): Coverage {
  const inside = pairs.filter(({ rul, truth }) => rul.p05 <= truth && truth <= rul.p95).length
  const width = pairs.reduce((sum, { rul }) => sum + rul.p95 - rul.p05, 0)
  return { count: pairs.length, coverage: inside / pairs.length, meanWidth: width / pairs.length }
}
