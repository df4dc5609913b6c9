import { quantileLevels as levels, type RulQuantiles } from '../../core/score.ts'

/** What the forecaster says of one window, in the asset type's usage unit. */
export interface Forecast {
  /** Expected remaining life: the point estimate that RMSE is measured on. */
  readonly mean: number
  /** p05, p10, p50, p90, p95; never crossing, not yet calibrated nor held within [0, cap]. */
  readonly quantiles: readonly [number, number, number, number, number]
}

/** softplus(x) / 10, without overflow: a distance between neighbouring quantiles in units of the cap. */
const step = (x: number) => 0.1 * (Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))))

/** Reads one row of a forecaster's outputs (see `architectures/forecaster.ts`). */
export const decodeForecast = (outputs: ArrayLike<number>, offset: number, cap: number): Forecast =>
  decodeEnsemble([outputs], offset, cap)

/** The same of an ensemble: the mean of its members; quantiles averaged in order cannot cross. */
export function decodeEnsemble(members: readonly ArrayLike<number>[], offset: number, cap: number): Forecast {
  let [mean, p05, p10, p50, p90, p95] = [0, 0, 0, 0, 0, 0]
  for (let m = 0; m < members.length; m++) {
    const outputs = members[m]!
    const median = outputs[offset + 1]!
    const low = median - step(outputs[offset + 2]!)
    const high = median + step(outputs[offset + 4]!)
    mean += outputs[offset]! * cap
    p05 += (low - step(outputs[offset + 3]!)) * cap
    p10 += low * cap
    p50 += median * cap
    p90 += high * cap
    p95 += (high + step(outputs[offset + 5]!)) * cap
  }
  const n = members.length
  return { mean: mean / n, quantiles: [p05 / n, p10 / n, p50 / n, p90 / n, p95 / n] }
}

/**
 * P(RUL <= horizon) from the quantile function: linear between the quantiles, and beyond the outer ones a tail that
 * halves its probability over each further distance between the outer two, as it did over the last.
 */
export function probabilityWithin(horizon: number, rul: RulQuantiles): number {
  const knots = [rul.p05, rul.p10, rul.p50, rul.p90, rul.p95]
  const halving = (distance: number, scale: number) => (scale > 0 ? 2 ** (-distance / scale) : 0)
  if (horizon < rul.p05) return 0.05 * halving(rul.p05 - horizon, rul.p10 - rul.p05)
  if (horizon >= rul.p95) return 1 - 0.05 * halving(horizon - rul.p95, rul.p95 - rul.p90)
  const above = knots.findIndex((knot) => knot > horizon)
  const [low, high] = [knots[above - 1]!, knots[above]!]
  const [from, to] = [levels[above - 1]!, levels[above]!]
  return from + ((to - from) * (horizon - low)) / (high - low)
}
