import { compileRegime } from './regime.ts'
import type { FeatureSpec, Smoothing } from './spec.ts'

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
  const columns = spec.inputs.map((name) => channels.indexOf(name))
  const usage = spec.usage === null ? -1 : channels.indexOf(spec.usage)
  const expected = spec.regime ? compileRegime(spec.regime, channels) : undefined
  const smoothings = spec.smoothings.map(compileSmoothing)
  const inputs = columns.length
  const count = inputs * smoothings.length + (usage < 0 ? 0 : 1)
  // One input after the other, used again for every window.
  let series = new Float64Array(0)
  return (window, from = 0) => {
    const rows = window.rows - from
    if (series.length < rows * inputs) series = new Float64Array(rows * inputs)
    columns.forEach((column, input) => {
      copyColumn(window, column, from, series, input * rows)
    })
    expected?.(window, from, series)
    const features = new Float64Array(count)
    let at = 0
    for (const smooth of smoothings)
      for (let input = 0; input < inputs; input++) features[at++] = smooth(series, input * rows, rows)
    if (usage >= 0) features[at] = window.values[(window.rows - 1) * window.channels + usage]!
    return features
  }
}

function copyColumn(
  { values, rows, channels }: Rows,
  column: number,
  from: number,
  into: Float64Array,
  at: number,
): void {
  for (let place = from * channels + column; place < rows * channels; place += channels)
    into[at++] = values[place]!
}

/** Makes one number of `rows` values from `at` on. */
type Smoother = (series: Float64Array, at: number, rows: number) => number

const compileSmoothing = (smoothing: Smoothing): Smoother =>
  smoothing.kind === 'ema'
    ? (series, at, rows) => movingAverage(series, at, rows, smoothing.alpha)
    : (series, at, rows) => newestMean(series, at, rows, smoothing.over)

/** Starts as a running mean, so that the first rows weigh no more than the others. */
function movingAverage(series: Float64Array, at: number, rows: number, alpha: number): number {
  let average = 0
  for (let t = 0; t < rows; t++) average += Math.max(alpha, 1 / (t + 1)) * (series[at + t]! - average)
  return average
}

function newestMean(series: Float64Array, at: number, rows: number, over: number): number {
  const from = Math.max(0, rows - over)
  let sum = 0
  for (let t = from; t < rows; t++) sum += series[at + t]!
  return sum / (rows - from)
}
