import type { AssetType } from '../../core/catalogue.ts'
import { buildForecaster } from '../architectures/forecaster.ts'
import type { Rows } from '../features/compute.ts'
import { fitNormalisation, normaliseInto } from '../features/normalise.ts'
import { forecastWith } from '../scoring/infer.ts'
import { cappedRul, lifeRows, slotsOf, type TrainingLife, windowAt } from '../training/dataset.ts'
import { fitNetwork } from '../training/fit.ts'
import { forecasterLoss } from '../training/losses.ts'

/** Rows of the published protocol's window. */
const length = 30

/**
 * The baseline of the published protocol: a dense network (64, 32) on the newest 30 rows of every input as they are,
 * without smoothing, features or age. Trained as ours is, on every second row. Forecasts for `asked` windows of at least
 * 30 rows, held within [0, cap].
 */
export async function rawWindowForecasts(
  type: AssetType,
  lives: readonly TrainingLife[],
  inputs: readonly string[],
  options: { seed: number; epochs: number; batch: number; rate: number; dropout: number },
  asked: readonly Rows[],
): Promise<number[]> {
  const columns = inputs.map((name) => type.channels.findIndex((c) => c.name === name))
  const width = length * columns.length
  const samples = lives.flatMap((life) => {
    const rows = lifeRows(life)
    const ends = Array.from({ length: slotsOf(life) }, (_, row) => row).filter(
      (row) => row >= length - 1 && row % 2 === 0,
    )
    return ends.map((end) => ({
      window: flat(windowAt(rows, type.channels.length, end, length), columns),
      truth: cappedRul(life, end, type.rulCap),
    }))
  })
  const normalisation = fitNormalisation(samples.map((s) => s.window))
  const matrix = (windows: readonly Float64Array[]) => {
    const data = new Float32Array(windows.length * width)
    windows.forEach((window, i) => {
      normaliseInto(data, i * width, window, normalisation)
    })
    return { data, width }
  }
  const model = buildForecaster({ inputs: width, hidden: [64, 32] }, options.seed)
  const truth = Float32Array.from(samples, (s) => s.truth / type.rulCap)
  await fitNetwork(
    model,
    matrix(samples.map((s) => s.window)),
    { data: truth, width: 1 },
    forecasterLoss,
    options,
  )
  const forecasts = forecastWith([model], matrix(asked.map((w) => flat(newest(w), columns))), type.rulCap)
  model.dispose()
  return forecasts.map(({ mean }) => Math.max(0, Math.min(type.rulCap, mean)))
}

const newest = ({ values, rows, channels }: Rows): Rows => ({
  values: values.subarray(Math.max(0, rows - length) * channels),
  rows: Math.min(rows, length),
  channels,
})

/** The inputs of a window of 30 rows, row by row. */
const flat = ({ values, rows, channels }: Rows, columns: readonly number[]): Float64Array =>
  Float64Array.from({ length: rows * columns.length }, (_, i) => {
    const row = Math.floor(i / columns.length)
    return values[row * channels + columns[i % columns.length]!]!
  })
