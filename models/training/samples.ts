import type { AssetType } from '../../core/catalogue.ts'
import { compileFeatures } from '../features/compute.ts'
import { normaliseInto } from '../features/normalise.ts'
import { type FeatureSpec, featureCount } from '../features/spec.ts'
import type { Matrix } from '../scoring/infer.ts'
import { cappedRul, lifeRows, scoredRows, type TrainingLife, windowAt } from './dataset.ts'

export type FeatureShape = Omit<FeatureSpec, 'normalisation'>

/** Raw features of a life's scored rows with their truth, row by row. */
export interface Samples {
  readonly life: TrainingLife
  /** Rows of the life at which windows end. */
  readonly rows: readonly number[]
  readonly features: readonly Float64Array[]
  /** Remaining useful life held at the cap, usage units. */
  readonly truth: readonly number[]
}

/** Samples of every `every`-th scored row of each life. */
export function collectSamples(
  type: AssetType,
  lives: readonly TrainingLife[],
  shape: FeatureShape,
  every: number,
): Samples[] {
  const channels = type.channels.map((c) => c.name)
  const features = compileFeatures(shape, channels)
  return lives.map((life) => {
    const values = lifeRows(life)
    const rows = scoredRows(life, type, every)
    return {
      life,
      rows,
      features: rows.map((row) => features(windowAt(values, channels.length, row, type.window.length))),
      truth: rows.map((row) => cappedRul(life, row, type.rulCap)),
    }
  })
}

/** Only the rows that `keep` says. */
export function filterSamples(samples: Samples, keep: (row: number) => boolean): Samples {
  const chosen = samples.rows.map((_, i) => i).filter((i) => keep(samples.rows[i]!))
  return {
    life: samples.life,
    rows: chosen.map((i) => samples.rows[i]!),
    features: chosen.map((i) => samples.features[i]!),
    truth: chosen.map((i) => samples.truth[i]!),
  }
}

/** Normalised input vectors of all samples, one after the other. */
export function matrixOf(samples: readonly Samples[], spec: FeatureSpec): Matrix {
  const width = featureCount(spec)
  const rows = samples.flatMap((s) => s.features)
  const data = new Float32Array(rows.length * width)
  rows.forEach((row, i) => {
    normaliseInto(data, i * width, row, spec.normalisation)
  })
  return { data, width }
}
