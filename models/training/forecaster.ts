import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { AssetType } from '../../core/catalogue.ts'
import { buildForecaster } from '../architectures/forecaster.ts'
import { fitNormalisation } from '../features/normalise.ts'
import { type FeatureSpec, featureCount, tailPlaces } from '../features/spec.ts'
import { calibrate, type Outcome } from '../scoring/conformal.ts'
import { forecastWith } from '../scoring/infer.ts'
import { type Conformals, type Past, pastOf } from '../scoring/past.ts'
import type { Forecast } from '../scoring/quantiles.ts'
import type { TrainingLife } from './dataset.ts'
import { type FitOptions, fitNetwork } from './fit.ts'
import { forecasterLoss } from './losses.ts'
import { seededRandom, shuffle } from './random.ts'
import { collectSamples, type FeatureShape, matrixOf, type Samples, targetsOf } from './samples.ts'
import { mixedViews, type ViewMix } from './views.ts'

export interface ForecasterOptions extends Omit<FitOptions, 'onEpoch' | 'seed'> {
  readonly seed: number
  readonly hidden: readonly number[]
  /** Folds over devices that calibrate and measure the network; 0 leaves it uncalibrated. */
  readonly folds: number
  /** Every n-th row of a life trains. */
  readonly every: number
  /** Windows that show less than their whole life; all show all where left out. */
  readonly views?: ViewMix | undefined
}

export const forecasterDefaults: Omit<ForecasterOptions, 'seed'> = {
  hidden: [64, 32],
  epochs: 30,
  batch: 256,
  rate: 1e-2,
  dropout: 0.05,
  folds: 5,
  every: 1,
}

export interface OutOfFold {
  readonly life: TrainingLife
  /** Rows of the life that were forecast. */
  readonly rows: readonly number[]
  /** Per such row, with all that is known of it: what a network said that never saw this device. */
  readonly forecasts: readonly Forecast[]
  readonly truth: readonly number[]
  /** Where the truth is only known to be at least so much. */
  readonly bound: readonly boolean[]
}

export interface TrainedForecaster extends Conformals {
  readonly spec: FeatureSpec
  /** The networks that are averaged: one. */
  readonly members: readonly LayersModel[]
  readonly outOfFold: readonly OutOfFold[]
}

type OnTraining = (share: number, loss: number) => void | Promise<void>

/**
 * Trains one network on all devices. Beside it one a fold trains on all devices but the fold and forecasts it: these
 * forecasts of devices that a network never saw calibrate the intervals (cross-conformal, Vovk 2015) and measure, without
 * a device set aside, and are thrown away.
 */
export async function trainForecaster(
  type: AssetType,
  lives: readonly TrainingLife[],
  shape: FeatureShape,
  options: ForecasterOptions,
  onProgress?: OnTraining,
): Promise<TrainedForecaster> {
  const { views } = options
  const whole = options.folds > 0 || !views ? collectSamples(type, lives, shape, options.every) : []
  const random = seededRandom(options.seed * 7919)
  const seen = views
    ? collectSamples(type, lives, shape, options.every, mixedViews(random, views, type.window.minimum))
    : whole
  const spec = { ...shape, normalisation: fitNormalisation(seen.flatMap((s) => s.features)) }
  const runs = options.folds + 1
  const train = (run: number, samples: readonly Samples[]) =>
    trainNetwork(type, spec, samples, { ...options, seed: options.seed * 101 + run }, (share, loss) =>
      onProgress?.((run + share) / runs, loss),
    )
  const foldOf = assignFolds(lives, options)
  const outOfFold: OutOfFold[] = []
  const outcomes: SeenOutcome[] = []
  for (let fold = 0; fold < options.folds; fold++) {
    const ofFold = (_: unknown, i: number) => foldOf[i] === fold
    const network = await train(
      fold,
      seen.filter((_, i) => foldOf[i] !== fold),
    )
    const ask = (samples: Samples) => forecastWith([network], matrixOf([samples], spec), type.rulCap)
    for (const samples of whole.filter(ofFold)) {
      const { life, rows, truth, bound } = samples
      outOfFold.push({ life, rows, truth, bound, forecasts: ask(samples) })
    }
    for (const samples of seen.filter(ofFold)) outcomes.push(...outcomesOf(type, spec, samples, ask(samples)))
    network.dispose()
  }
  return {
    spec,
    members: [await train(options.folds, seen)],
    ...calibrateAll(outcomes, type.rulCap, views),
    outOfFold,
  }
}

/** One network, from its seed. */
async function trainNetwork(
  type: AssetType,
  spec: FeatureSpec,
  samples: readonly Samples[],
  options: ForecasterOptions,
  onProgress: OnTraining,
): Promise<LayersModel> {
  const model = buildForecaster({ inputs: featureCount(spec), hidden: options.hidden }, options.seed)
  await fitNetwork(model, matrixOf(samples, spec), targetsOf(samples, type.rulCap), forecasterLoss, {
    ...options,
    onEpoch: (epoch, loss) => onProgress((epoch + 1) / options.epochs, loss),
  })
  return model
}

interface SeenOutcome extends Outcome {
  readonly past: Past
}

/** A bound says nothing of how wide an interval must be. */
function outcomesOf(
  type: AssetType,
  spec: FeatureSpec,
  { life, truth, bound, features }: Samples,
  forecasts: readonly Forecast[],
): SeenOutcome[] {
  const { usage, history } = tailPlaces(spec)
  const past = (made: Float64Array) =>
    usage < 0 || history < 0 ? 'whole' : pastOf(type, made[usage]!, made[history]!)
  return forecasts
    .map((forecast, i) => ({ forecast, truth: truth[i]!, past: past(features[i]!), device: nameOf(life) }))
    .filter((_, i) => !bound[i])
}

/** Machines with their whole past, with part of it and of unknown usage each have their own widening. */
function calibrateAll(outcomes: readonly SeenOutcome[], cap: number, views: ViewMix | undefined): Conformals {
  const of = (past: Past) =>
    calibrate(
      outcomes.filter((outcome) => outcome.past === past),
      cap,
    )
  if (!views) return { conformal: of('whole') }
  return { conformal: of('whole'), conformalLate: of('late'), conformalUnknown: of('unknown') }
}

/** Whole devices go to folds at random, failing and healthy ones spread alike. */
export function assignFolds(
  lives: readonly TrainingLife[],
  { folds, seed }: Pick<ForecasterOptions, 'folds' | 'seed'>,
): number[] {
  const random = seededRandom(seed)
  const devices = [...new Set(lives.map(nameOf))]
  const failed = new Set(lives.filter(({ rul }) => rul !== null).map(nameOf))
  const foldOf = new Map<string, number>()
  for (const failing of [true, false]) {
    const chosen = devices.map((_, i) => i).filter((i) => failed.has(devices[i]!) === failing)
    shuffle(chosen, random).forEach((device, place) => {
      foldOf.set(devices[device]!, place % folds)
    })
  }
  return lives.map((life) => foldOf.get(nameOf(life))!)
}

/** A machine's pieces of life are one machine. */
const nameOf = ({ device, id }: TrainingLife): string => device ?? id
