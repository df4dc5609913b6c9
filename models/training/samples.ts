import type { AssetType } from '../../core/catalogue.ts'
import { compileFeatures, forgetUsage } from '../features/compute.ts'
import { normaliseInto } from '../features/normalise.ts'
import { type FeatureSpec, featureCount } from '../features/spec.ts'
import type { Matrix } from '../scoring/infer.ts'
import { cappedRul, isBound, lifeRows, scoredRows, type TrainingLife, windowAt } from './dataset.ts'
import { type View, type ViewAt, wholeLife } from './views.ts'

export type FeatureShape = Omit<FeatureSpec, 'normalisation'>

/** Raw features of a life's scored rows with their truth, row by row. */
export interface Samples {
  readonly life: TrainingLife
  /** Rows of the life at which windows end. */
  readonly rows: readonly number[]
  readonly features: readonly Float64Array[]
  /** Remaining useful life held at the cap, usage units. */
  readonly truth: readonly number[]
  /** Where that is only known to be at least so much: the life was not seen to its failure. */
  readonly bound: readonly boolean[]
  /** What each window shows of the life. */
  readonly views: readonly View[]
}

/** Samples of every `every`-th scored row of each life, seen as `viewAt` says. */
export function collectSamples(
  type: AssetType,
  lives: readonly TrainingLife[],
  shape: FeatureShape,
  every: number,
  viewAt: ViewAt = wholeLife,
): Samples[] {
  const channels = type.channels.map((c) => c.name)
  const features = compileFeatures(shape, channels)
  return lives.map((life) => {
    const values = lifeRows(life)
    const rows = scoredRows(life, type, every)
    const views = rows.map(viewAt)
    return {
      life,
      rows,
      views,
      features: rows.map((row, i) => {
        const { from, usage } = views[i]!
        const made = features(windowAt(values, channels.length, row, type.window.length, from))
        return usage ? made : forgetUsage(made, shape)
      }),
      truth: rows.map((row) => cappedRul(life, row, type.rulCap)),
      bound: rows.map((row) => isBound(life, row, type.rulCap)),
    }
  })
}

/** Only the rows that `keep` says. */
export function filterSamples(samples: Samples, keep: (row: number) => boolean): Samples {
  const chosen = samples.rows.map((_, i) => i).filter((i) => keep(samples.rows[i]!))
  const pick = <T>(values: readonly T[]) => chosen.map((i) => values[i]!)
  return {
    life: samples.life,
    rows: pick(samples.rows),
    views: pick(samples.views),
    features: pick(samples.features),
    truth: pick(samples.truth),
    bound: pick(samples.bound),
  }
}

/**
 * What a forecaster trains towards: the truth in units of the cap, and beside it, where some of it is only a bound, 1 for
 * those rows and 0 for the others.
 */
export function targetsOf(samples: readonly Samples[], cap: number): Matrix {
  const truth = samples.flatMap((s) => s.truth)
  const bound = samples.flatMap((s) => s.bound)
  if (!bound.includes(true)) return { data: Float32Array.from(truth, (t) => t / cap), width: 1 }
  const data = Float32Array.from(truth.flatMap((t, i) => [t / cap, bound[i] ? 1 : 0]))
  return { data, width: 2 }
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
