import type { AssetType } from '../../../core/catalogue.ts'
import {
  ensembleOf,
  type Figures,
  figures,
  type IntervalFigures,
  intervalFigures,
  type Prediction,
} from '../../../models/evaluation/benchmark.ts'
import type { JudgedFold, ShownName } from './fold.ts'
import type { NetworkCost } from './networkCost.ts'

export type Judgement = Figures & IntervalFigures

/** All folds of a file together. */
export interface Judged {
  readonly predictions: number
  readonly figures: {
    /** One a seed, over all folds at once. */
    readonly deployed: Readonly<Record<ShownName, readonly Judgement[]>>
    /** The mean of all seeds' predictions. */
    readonly ensemble: Readonly<Record<ShownName, Judgement>>
    readonly withoutAge: readonly Figures[]
    readonly withoutAgeEnsemble: Figures
    readonly strict: readonly Figures[]
    readonly strictEnsemble: Figures
    readonly baselines: Readonly<Record<string, Figures>>
    /** One a seed and fold. */
    readonly costs: readonly NetworkCost[]
  }
}

/** Puts the folds' predictions behind each other and judges them at once: a mean of folds' RMSEs would be too low. */
export function joinFolds(type: AssetType, folds: readonly JudgedFold[]): Judged {
  const trials = folds.flatMap(({ truths }) => truths.map((truth) => ({ truth })))
  const judge = (predictions: readonly Prediction[]): Judgement => ({
    ...point(predictions.map((p) => p.mean)),
    ...intervalFigures(trials, predictions, type.rulCap),
  })
  const point = (predicted: readonly number[]): Figures =>
    perHundred(figures(trials, predicted, type.rulCap), trials.length)
  const seedsOf = <T>(of: (fold: JudgedFold) => readonly (readonly T[])[]): T[][] =>
    of(folds[0]!).map((_, seed) => folds.flatMap((fold) => [...of(fold)[seed]!]))
  const shown = (name: ShownName) => seedsOf((fold) => fold.deployed[name])
  const [whole, late, unknown] = [shown('whole'), shown('late'), shown('unknown')]
  const withoutAge = seedsOf((fold) => fold.withoutAge)
  const strict = seedsOf((fold) => fold.strict)
  const names = Object.keys(folds[0]!.baselines)
  return {
    predictions: trials.length,
    figures: {
      deployed: { whole: whole.map(judge), late: late.map(judge), unknown: unknown.map(judge) },
      ensemble: {
        whole: judge(ensembleOf(whole)),
        late: judge(ensembleOf(late)),
        unknown: judge(ensembleOf(unknown)),
      },
      withoutAge: withoutAge.map(point),
      withoutAgeEnsemble: point(meanOver(withoutAge)),
      strict: strict.map(point),
      strictEnsemble: point(meanOver(strict)),
      baselines: Object.fromEntries(
        names.map((name) => [name, point(folds.flatMap((fold) => [...fold.baselines[name]!]))]),
      ),
      costs: folds.flatMap((fold) => fold.costs),
    },
  }
}

/** Scores are sums: of a hundred predictions they compare to the published ones. */
const perHundred = (f: Figures, predictions: number): Figures => ({
  ...f,
  score: (100 * f.score) / predictions,
  scoreRaw: (100 * f.scoreRaw) / predictions,
})

/** The mean of all seeds' point forecasts. */
export const meanOver = (seeds: readonly (readonly number[])[]): number[] =>
  seeds[0]!.map((_, i) => seeds.reduce((sum, points) => sum + points[i]!, 0) / seeds.length)
