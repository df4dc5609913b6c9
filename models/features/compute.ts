import { regimeExpectation } from './regime.ts'
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
  const expected = spec.regime ? regimeExpectation(spec.regime, channels) : undefined
  return (window, from = 0) => {
    const features: number[] = []
    const series = columns.map((column, input) => {
      const values = columnOf(window, column, from)
      if (expected) for (let r = 0; r < values.length; r++) values[r]! -= expected(window, from + r, input)
      return values
    })
    for (const smoothing of spec.smoothings)
      for (const values of series) features.push(smooth(smoothing, values))
    if (usage >= 0) features.push(window.values[(window.rows - 1) * window.channels + usage]!)
    return Float64Array.from(features)
  }
}

function columnOf(window: Rows, column: number, from: number): Float64Array {
  const values = new Float64Array(window.rows - from)
  for (let r = 0; r < values.length; r++) values[r] = window.values[(from + r) * window.channels + column]!
  return values
}

function smooth(smoothing: Smoothing, values: Float64Array): number {
  return smoothing.kind === 'ema'
    ? movingAverage(values, smoothing.alpha)
    : newestMean(values, smoothing.over)
}

/** Starts as a running mean, so that the first rows weigh no more than the others. */
function movingAverage(values: Float64Array, alpha: number): number {
  let average = 0
  for (let t = 0; t < values.length; t++) average += Math.max(alpha, 1 / (t + 1)) * (values[t]! - average)
  return average
}

function newestMean(values: Float64Array, over: number): number {
  const from = Math.max(0, values.length - over)
  let sum = 0
  for (let t = from; t < values.length; t++) sum += values[t]!
  return sum / (values.length - from)
}
