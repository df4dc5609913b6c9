import { compileDirections } from './directions.ts'
import { compileRegime } from './regime.ts'
import { createSmoother } from './smoothing.ts'
import { type FeatureSpec, smoothedWidth, tailPlaces } from './spec.ts'

/** The part of an aligned window that features need. */
export interface Rows {
  /** `rows` x `channels`, row by row. */
  readonly values: Float32Array
  readonly rows: number
  readonly channels: number
}

/** Makes raw (not yet normalised) features of one window; `from` is the first row that may be used. */
export type FeatureMaker = (window: Rows, from?: number) => Float64Array

/**
 * Compiles a feature spec against the asset type's channels. The result is a pure function of the window's Float32
 * values, so a score replays from its evidence to the same numbers.
 */
export function compileFeatures(
  spec: Omit<FeatureSpec, 'normalisation'>,
  channels: readonly string[],
): FeatureMaker {
  const columns = Int32Array.from(spec.inputs, (name) => channels.indexOf(name))
  const usage = spec.usage === null ? -1 : channels.indexOf(spec.usage)
  const regime = spec.regime ? compileRegime(spec.regime, channels) : undefined
  const project = spec.directions ? compileDirections(spec.directions) : undefined
  const width = smoothedWidth(spec)
  const smoothers = spec.smoothings.map((smoothing) => createSmoother(smoothing, width))
  const tail = tailPlaces(spec)
  // One row's inputs, used again for every row.
  const inputs = new Float64Array(columns.length)
  return (window, from = 0) => {
    const { values, rows } = window
    for (const smoother of smoothers) smoother.begin(rows - from)
    for (let row = from; row < rows; row++) {
      const start = row * window.channels
      for (let i = 0; i < columns.length; i++) inputs[i] = values[start + columns[i]!]!
      regime?.(values, start, inputs)
      const smoothed = project ? project(inputs) : inputs
      for (let s = 0; s < smoothers.length; s++) smoothers[s]!.take(smoothed)
    }
    const features = new Float64Array(tail.count)
    smoothers.forEach((smoother, s) => {
      smoother.write(features, s * width)
    })
    if (usage >= 0) writeUsage(features, tail, values[(rows - 1) * window.channels + usage]!)
    if (tail.history >= 0) features[tail.history] = rows - from
    return features
  }
}

type Tail = ReturnType<typeof tailPlaces>

function writeUsage(features: Float64Array, { usage, lacking }: Tail, value: number): void {
  features[usage] = value
  if (lacking >= 0) features[lacking] = Number.isNaN(value) ? 1 : 0
}

/** The same features as they would be, had the window not told its usage. Changes `features`. */
export function forgetUsage(features: Float64Array, shape: Omit<FeatureSpec, 'normalisation'>): Float64Array {
  const tail = tailPlaces(shape)
  if (tail.usage >= 0) writeUsage(features, tail, Number.NaN)
  return features
}
