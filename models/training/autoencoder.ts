import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { AssetType } from '../../core/catalogue.ts'
import { buildAutoencoder } from '../architectures/autoencoder.ts'
import { fitNormalisation } from '../features/normalise.ts'
import { type FeatureSpec, featureCount } from '../features/spec.ts'
import { type AnomalyCalibration, calibrateAnomaly } from '../scoring/anomaly.ts'
import { type Matrix, outputsOf } from '../scoring/infer.ts'
import { isHealthy, type TrainingLife } from './dataset.ts'
import { type FitOptions, fitNetwork } from './fit.ts'
import { reconstructionLoss } from './losses.ts'
import { seededRandom, shuffle } from './random.ts'
import { collectSamples, type FeatureShape, filterSamples, matrixOf } from './samples.ts'

export interface AutoencoderOptions extends Omit<FitOptions, 'onEpoch' | 'seed' | 'dropout'> {
  readonly seed: number
  readonly hidden: readonly number[]
  readonly every: number
  /** Spread of the noise on the normalised inputs while training (denoising, Vincent et al. 2008). */
  readonly corruption: number
  /** Share of healthy devices that calibrate and train nothing. */
  readonly holdOut: number
}

export const autoencoderDefaults: Omit<AutoencoderOptions, 'seed'> = {
  hidden: [16, 6, 16],
  epochs: 30,
  batch: 256,
  rate: 2e-3,
  every: 1,
  corruption: 0.7,
  holdOut: 0.25,
}

export interface TrainedAutoencoder {
  readonly spec: FeatureSpec
  readonly model: LayersModel
  readonly calibration: AnomalyCalibration
  readonly heldOut: readonly TrainingLife[]
}

/**
 * Learns what healthy looks like from healthy windows with noise laid over them, and calibrates on the healthy windows of
 * devices held out. The noise keeps the network from passing its input through: it answers with what the other channels
 * make likely, so a deviation shows in the channel that deviates.
 */
export async function trainAutoencoder(
  type: AssetType,
  lives: readonly TrainingLife[],
  shape: FeatureShape,
  options: AutoencoderOptions,
  onProgress?: (share: number, loss: number) => void | Promise<void>,
): Promise<TrainedAutoencoder> {
  const healthy = collectSamples(type, lives, shape, options.every)
    .map((s) => filterSamples(s, (row) => isHealthy(s.life, row, type.rulCap)))
    .filter((s) => s.rows.length > 0)
  const random = seededRandom(options.seed)
  const order = shuffle(
    healthy.map((_, i) => i),
    random,
  )
  const unseen = new Set(order.slice(0, heldOutOf(order.length, options.holdOut)))
  const training = healthy.filter((_, i) => !unseen.has(i))
  const heldOut = healthy.filter((_, i) => unseen.has(i))
  const spec = { ...shape, normalisation: fitNormalisation(training.flatMap((s) => s.features)) }
  const model = buildAutoencoder({ inputs: featureCount(spec), hidden: options.hidden }, options.seed)
  const clean = matrixOf(training, spec)
  await fitNetwork(model, corrupted(clean, options.corruption, random), repeated(clean), reconstructionLoss, {
    ...options,
    dropout: 0,
    onEpoch: (epoch, loss) => onProgress?.((epoch + 1) / options.epochs, loss),
  })
  const calibration = calibrateAnomaly(residualsOf(model, matrixOf(heldOut, spec)))
  return { spec, model, calibration, heldOut: heldOut.map((s) => s.life) }
}

/** The tail of few devices is a matter of luck: of small fleets so many calibrate, but never more than train. */
const enoughToCalibrate = 10

const heldOutOf = (devices: number, share: number): number =>
  Math.max(1, Math.round(share * devices), Math.min(enoughToCalibrate, devices >> 1))

/** Copies of each sample, so that each is seen under different noise. */
const copies = 3

function repeated({ data, width }: Matrix): Matrix {
  const many = new Float32Array(data.length * copies)
  for (let i = 0; i < copies; i++) many.set(data, i * data.length)
  return { data: many, width }
}

function corrupted(clean: Matrix, deviation: number, random: () => number): Matrix {
  const { data, width } = repeated(clean)
  for (let i = 0; i < data.length; i++) data[i]! += deviation * normal(random)
  return { data, width }
}

/** Box and Muller's transform. */
const normal = (random: () => number) =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

function residualsOf(model: LayersModel, x: Matrix): number[][] {
  const reconstruction = outputsOf(model, x)
  return Array.from({ length: x.data.length / x.width }, (_, row) =>
    Array.from(
      { length: x.width },
      (_, c) => x.data[row * x.width + c]! - reconstruction[row * x.width + c]!,
    ),
  )
}
