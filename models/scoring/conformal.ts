import { z } from 'zod'
import type { RulQuantiles } from '../../core/score.ts'
import { isLevelHeld, type Pool, poolOf, quantileOf } from './pool.ts'
import type { Forecast } from './quantiles.ts'

/**
 * Conformal widening of the intervals (Romano, Patterson & Candes 2019), by band of the predicted median: `inner` moves
 * p10 and p90 apart, `outer` p05 and p95, in the usage unit (negative draws them together). Between the bands' centres
 * it is interpolated, so that a forecast does not jump where it crosses from one band to the next.
 */
export const conformalSchema = z.strictObject({
  centres: z.array(z.number()).min(1),
  inner: z.array(z.number()),
  outer: z.array(z.number()),
})

export type Conformal = z.infer<typeof conformalSchema>

/** A forecast of a device that trained nothing, beside what came true (capped). */
export interface Outcome {
  readonly forecast: Forecast
  readonly truth: number
  /** The machine it was asked of; each outcome is one of a machine of its own where left out. */
  readonly device?: string | undefined
}

/** Edges of the bands as shares of the cap: about the bands of true RUL below 30, 30-60, 60-100 and above of C-MAPSS. */
const edges = [0, 0.24, 0.48, 0.8, 1] as const

/**
 * Widening by band of the predicted median. The two lowest bands hold their level also among the machines that truly were
 * near their end, whatever was predicted: that is where a planner acts. The lowest does so among all of them; the next,
 * in which a failure within the lowest comes as a surprise, grows by as little as makes it so with both.
 *
 * There, one machine's windows are all forecasts of one failure: not windows are exchangeable but machines. So each machine
 * counts once, however many windows it has, beside one more machine that is missed altogether.
 */
export function calibrate(outcomes: readonly Outcome[], cap: number): Conformal {
  const near = poolOf(
    outcomes.filter((o) => o.truth < edges[1] * cap),
    ({ device }) => device,
  )
  const bands = edges.slice(1).map((edge, i) => {
    const low = i === 0 ? Number.NEGATIVE_INFINITY : edges[i]! * cap
    const high = edge === 1 ? Number.POSITIVE_INFINITY : edge * cap
    return {
      centre: ((edges[i]! + edge) / 2) * cap,
      pool: poolOf(outcomes.filter((o) => o.forecast.quantiles[2] >= low && o.forecast.quantiles[2] < high)),
    }
  })
  const conformal = {
    centres: bands.map((b) => b.centre),
    inner: bands.map((b, i) => atLeast(i === 0 ? near : undefined, b.pool, 1, 3, 0.8)),
    outer: bands.map((b, i) => atLeast(i === 0 ? near : undefined, b.pool, 0, 4, 0.9)),
  }
  if (near.outcomes.length < fewest) return conformal
  return surprisesHeld(surprisesHeld(conformal, near, cap, 'inner', 0.8), near, cap, 'outer', 0.9)
}

/** Steps in which the second band grows, and how far at most, as shares of the cap. */
const growth = { step: 0.004, most: 0.24 } as const

function surprisesHeld(
  conformal: Conformal,
  near: Pool,
  cap: number,
  which: 'inner' | 'outer',
  level: number,
): Conformal {
  const [low, high] = which === 'inner' ? (['p10', 'p90'] as const) : (['p05', 'p95'] as const)
  let held = conformal
  for (let grown = 0; grown < growth.most; grown += growth.step) {
    const isHeld = ({ forecast, truth }: Outcome) => {
      const rul = calibrated(forecast, held, cap)
      return rul[low] <= truth && truth <= rul[high]
    }
    if (isLevelHeld(near, level, isHeld)) break
    held = { ...held, [which]: held[which].map((width, i) => (i === 1 ? width + growth.step * cap : width)) }
  }
  return held
}

/** The widening that a band needs, and no less than one that `also` needs. */
function atLeast(also: Pool | undefined, pool: Pool, low: number, high: number, level: number): number {
  const own = widening(pool, low, high, level)
  if (!also || also.outcomes.length < fewest) return own
  return Math.max(own, widening(also, low, high, level))
}

/** Of fewer outcomes nothing follows. */
const fewest = 20

/** The distance by which an interval must grow so that it holds `level` of the outcomes. */
function widening(pool: Pool, low: number, high: number, level: number): number {
  if (pool.outcomes.length < fewest) return 0
  return quantileOf(pool, level, ({ forecast: { quantiles }, truth }) =>
    Math.max(quantiles[low]! - truth, truth - quantiles[high]!),
  )
}

/** Calibrated quantiles, in order and within [0, cap]. */
export function calibrated(forecast: Forecast, conformal: Conformal, cap: number): RulQuantiles {
  const [p05, p10, p50, p90, p95] = forecast.quantiles
  const inner = interpolate(conformal.centres, conformal.inner, p50)
  const outer = interpolate(conformal.centres, conformal.outer, p50)
  const within = (value: number) => Math.max(0, Math.min(cap, value))
  const low = Math.min(p50, p10 - inner)
  const high = Math.max(p50, p90 + inner)
  return {
    p05: within(Math.min(low, p05 - outer)),
    p10: within(low),
    p50: within(p50),
    p90: within(high),
    p95: within(Math.max(high, p95 + outer)),
  }
}

function interpolate(at: readonly number[], values: readonly number[], x: number): number {
  const above = at.findIndex((centre) => centre > x)
  if (above === 0) return values[0]!
  if (above < 0) return values.at(-1)!
  const share = (x - at[above - 1]!) / (at[above]! - at[above - 1]!)
  return values[above - 1]! + share * (values[above]! - values[above - 1]!)
}
