import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { AssetType } from '../../core/catalogue.ts'
import { buildForecaster } from '../architectures/forecaster.ts'
import { fitNormalisation } from '../features/normalise.ts'
import { type FeatureSpec, featureCount } from '../features/spec.ts'
import { type Conformal, calibrate } from '../scoring/conformal.ts'
import { forecastWith } from '../scoring/infer.ts'
import type { Forecast } from '../scoring/quantiles.ts'
import type { TrainingLife } from './dataset.ts'
import { type FitOptions, fitNetwork } from './fit.ts'
import { forecasterLoss } from './losses.ts'
import { seededRandom, shuffle } from './random.ts'
import { collectSamples, matrixOf } from './samples.ts'

export interface ForecasterOptions extends Omit<FitOptions, 'onEpoch' | 'seed'> {
  readonly seed: number
  readonly hidden: readonly number[]
  /** Members of the ensemble = folds over devices. */
  readonly folds: number
  /** Every n-th row of a life trains. */
  readonly every: number
}

export const forecasterDefaults: Omit<ForecasterOptions, 'seed'> = {
  hidden: [64, 32],
  epochs: 50,
  batch: 256,
  rate: 2e-3,
  dropout: 0.05,
  folds: 5,
  every: 1,
}

export interface OutOfFold {
  readonly life: TrainingLife
  /** Rows of the life that were forecast. */
  readonly rows: readonly number[]
  /** Per such row: what a member said that never saw this device. */
  readonly forecasts: readonly Forecast[]
  readonly truth: readonly number[]
}

export interface TrainedForecaster {
  readonly spec: FeatureSpec
  readonly members: readonly LayersModel[]
  readonly conformal: Conformal
  readonly outOfFold: readonly OutOfFold[]
}

/**
 * Trains a cross-validated ensemble: member k trains on all devices but fold k and forecasts fold k. The members
 * together are the model; the forecasts of devices they never saw calibrate its intervals (CV+, Barber et al. 2021) and
 * measure it, without a device set aside.
 */
export async function trainForecaster(
  type: AssetType,
  lives: readonly TrainingLife[],
  shape: Omit<FeatureSpec, 'normalisation'>,
  options: ForecasterOptions,
  onProgress?: (share: number, loss: number) => void | Promise<void>,
): Promise<TrainedForecaster> {
  const samples = collectSamples(type, lives, shape, options.every)
  const normalisation = fitNormalisation(samples.flatMap((s) => s.features))
  const spec: FeatureSpec = { ...shape, normalisation }
  const foldOf = assignFolds(lives, options)
  const members: LayersModel[] = []
  const outOfFold: OutOfFold[] = []
  for (let fold = 0; fold < options.folds; fold++) {
    const seen = samples.filter((_, i) => foldOf[i] !== fold)
    const model = buildForecaster(
      { inputs: featureCount(spec), hidden: options.hidden },
      options.seed * 101 + fold,
    )
    const truth = Float32Array.from(seen.flatMap((s) => s.truth.map((t) => t / type.rulCap)))
    await fitNetwork(model, matrixOf(seen, spec), { data: truth, width: 1 }, forecasterLoss, {
      ...options,
      seed: options.seed * 101 + fold,
      onEpoch: (epoch, loss) => onProgress?.((fold + (epoch + 1) / options.epochs) / options.folds, loss),
    })
    members.push(model)
    for (const unseen of samples.filter((_, i) => foldOf[i] === fold)) {
      const forecasts = forecastWith([model], matrixOf([unseen], spec), type.rulCap)
      outOfFold.push({ life: unseen.life, rows: unseen.rows, forecasts, truth: unseen.truth })
    }
  }
  const outcomes = outOfFold.flatMap((o) =>
    o.forecasts.map((forecast, i) => ({ forecast, truth: o.truth[i]! })),
  )
  return { spec, members, conformal: calibrate(outcomes, type.rulCap), outOfFold }
}

/** Whole devices go to folds at random, failing and healthy ones spread alike. */
function assignFolds(lives: readonly TrainingLife[], { folds, seed }: ForecasterOptions): number[] {
  const random = seededRandom(seed)
  const foldOf = new Array<number>(lives.length)
  for (const failing of [true, false]) {
    const chosen = lives.map((_, i) => i).filter((i) => (lives[i]!.rul !== null) === failing)
    shuffle(chosen, random).forEach((life, place) => {
      foldOf[life] = place % folds
    })
  }
  return foldOf
}
