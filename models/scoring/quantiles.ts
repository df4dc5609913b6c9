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

/** Reads one row of the forecaster's outputs (see `architectures/forecaster.ts`). */
export function decodeForecast(outputs: ArrayLike<number>, offset: number, cap: number): Forecast {
  const at = (i: number) => outputs[offset + i]!
  const p50 = at(1)
  const p10 = p50 - step(at(2))
  const p90 = p50 + step(at(4))
  const quantiles = [p10 - step(at(3)), p10, p50, p90, p90 + step(at(5))] as const
  return { mean: at(0) * cap, quantiles: quantiles.map((q) => q * cap) as unknown as Forecast['quantiles'] }
}

/** Mean of the members of an ensemble; quantiles averaged in order cannot cross. */
export function averageForecasts(members: readonly Forecast[]): Forecast {
  const over = (pick: (f: Forecast) => number) =>
    members.reduce((sum, f) => sum + pick(f), 0) / members.length
  const quantiles = [0, 1, 2, 3, 4].map((i) => over((f) => f.quantiles[i]!))
  return { mean: over((f) => f.mean), quantiles: quantiles as unknown as Forecast['quantiles'] }
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
