import type { AssetType } from '../../../core/catalogue.ts'
import { quantileLevels, type RulQuantiles } from '../../../core/score.ts'
import { coverage90, rmse } from '../../../models/evaluation/metrics.ts'
import { calibrated } from '../../../models/scoring/conformal.ts'
import { probabilityWithin } from '../../../models/scoring/quantiles.ts'
import type { TrainingLife } from '../../../models/training/dataset.ts'
import type { OutOfFold, TrainedForecaster } from '../../../models/training/forecaster.ts'

/** What was said of one window by a network that never saw the device, beside what came true. Usage units. */
export interface Outcome {
  readonly row: number
  /** Point estimate, held within [0, cap]. */
  readonly predicted: number
  readonly rul: RulQuantiles
  /** Probability of a failure within the horizon. */
  readonly probability: number
  /** Remaining life, held at the cap. */
  readonly truth: number
}

export interface LifeOutcomes {
  readonly life: TrainingLife
  /** It was seen to its failure. */
  readonly failed: boolean
  readonly outcomes: readonly Outcome[]
}

/** Out-of-fold outcomes life by life; windows whose truth is only a bound are left out. */
export function outcomesOf(
  { outOfFold, conformal }: Pick<TrainedForecaster, 'outOfFold' | 'conformal'>,
  type: AssetType,
): LifeOutcomes[] {
  const { rulCap: cap, horizon } = type
  const read = ({ rows, forecasts, truth, bound }: OutOfFold) =>
    rows.flatMap((row, i): Outcome[] => {
      if (bound[i]) return []
      const rul = calibrated(forecasts[i]!, conformal, cap)
      const predicted = Math.max(0, Math.min(cap, forecasts[i]!.mean))
      return [{ row, predicted, rul, probability: probabilityWithin(horizon, rul), truth: truth[i]! }]
    })
  return outOfFold.map((one) => ({ life: one.life, failed: endsInFailure(one.life), outcomes: read(one) }))
}

const endsInFailure = ({ rul, censored }: TrainingLife): boolean =>
  rul !== null && !censored && Number.isFinite(rul.at(-1)!)

/** A band of true remaining life, as shares of the cap. */
export interface BandFigures {
  readonly low: number
  readonly high: number
  readonly count: number
  readonly coverage90: number
  readonly coverage80: number
  readonly width90: number
  readonly rmse: number
}

/** Edges of the bands as shares of the cap; the last band is that of windows at the cap. */
const bandEdges = [0, 0.25, 0.5, 0.75, 1, Number.POSITIVE_INFINITY] as const

/** How well the intervals hold, by true remaining life; bands without a window are left out. */
export function bandsOf(outcomes: readonly Outcome[], cap: number): BandFigures[] {
  return bandEdges.slice(1).flatMap((edge, i) => {
    const [low, high] = [bandEdges[i]! * cap, edge * cap]
    const within = outcomes.filter(({ truth }) => truth >= low && truth < high)
    if (within.length === 0) return []
    const { coverage, meanWidth } = coverage90(within)
    const inner = within.filter(({ rul, truth }) => rul.p10 <= truth && truth <= rul.p90).length
    return [
      {
        low,
        high: Math.min(high, cap),
        count: within.length,
        coverage90: coverage,
        coverage80: inner / within.length,
        width90: meanWidth,
        rmse: rmse(within),
      },
    ]
  })
}

/** Fewer windows than this in a bin say nothing about a share. */
const fewestInBin = 20

/** Said beside seen: mean probability of each bin of ten, and the share of its windows that failed within the horizon. */
export function reliabilityOf(
  outcomes: readonly Outcome[],
  horizon: number,
): { said: number; seen: number; count: number }[] {
  return Array.from({ length: 10 }, (_, bin) => {
    const within = outcomes.filter(({ probability }) => Math.min(9, Math.floor(10 * probability)) === bin)
    const count = within.length
    return {
      said: within.reduce((sum, { probability }) => sum + probability, 0) / count,
      seen: within.filter(({ truth }) => truth <= horizon).length / count,
      count,
    }
  }).filter(({ count }) => count >= fewestInBin)
}

/** Share of the cap below which a median sees the failure coming; above it a forecast only says that there is time. */
export const inSight = 0.75

/**
 * Of each quantile, how often the truth lay at or below it, in windows whose median sees the failure coming: elsewhere
 * nearly all truths lie at the cap, and quantiles just below it are right in all but the figure.
 */
export function quantileCoverage(
  outcomes: readonly Outcome[],
  cap: number,
): { level: number; seen: number; count: number }[] {
  const said = outcomes.filter(({ rul }) => rul.p50 < inSight * cap)
  if (said.length < fewestInBin) return []
  return (['p05', 'p10', 'p50', 'p90', 'p95'] as const).map((name, i) => {
    const below = said.filter(({ rul, truth }) => truth <= rul[name]).length
    return { level: quantileLevels[i]!, seen: below / said.length, count: said.length }
  })
}

export const lifeRmse = ({ outcomes }: LifeOutcomes): number => rmse(outcomes)

/** The failed lives that were forecast best, middling and worst. */
export function exampleLives(lives: readonly LifeOutcomes[]): { name: string; life: LifeOutcomes }[] {
  const failed = lives.filter((one) => one.failed && one.outcomes.length > 1)
  const sorted = failed.sort((a, b) => lifeRmse(a) - lifeRmse(b))
  const places = [
    { name: 'best', place: 0 },
    { name: 'median', place: sorted.length >> 1 },
    { name: 'worst', place: sorted.length - 1 },
  ]
  const chosen = places.filter(({ place }, i) => places.findIndex((p) => p.place === place) === i)
  return sorted.length === 0 ? [] : chosen.map(({ name, place }) => ({ name, life: sorted[place]! }))
}
