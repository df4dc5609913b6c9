import { Matrix, pseudoInverse } from 'ml-matrix'

/** Judges one raw reading; fitted on healthy ones. */
export type BaselineDetector = (reading: Float64Array) => boolean

/** What a detector has to be better than. */
export const baselineDetectors = {
  'mean |z|, three sigma': meanDeviation,
  'T2, 99 % of training': hotelling,
} as const satisfies Record<string, (healthy: readonly Float64Array[]) => BaselineDetector>

/** Mean |z| over the channels, in alarm where it is three of its own training deviations above its training mean. */
function meanDeviation(healthy: readonly Float64Array[]): BaselineDetector {
  const { mean, deviation } = columnMoments(healthy)
  const statistic = (reading: Float64Array) =>
    reading.reduce((sum, value, c) => sum + Math.abs(value - mean[c]!) / deviation[c]!, 0) / reading.length
  const seen = columnMoments(healthy.map((reading) => [statistic(reading)]))
  const limit = seen.mean[0]! + 3 * seen.deviation[0]!
  return (reading) => statistic(reading) > limit
}

/** Hotelling's T2 (1947): squared Mahalanobis distance, in alarm above its 99 % quantile in training. */
function hotelling(healthy: readonly Float64Array[]): BaselineDetector {
  const { mean, deviation } = columnMoments(healthy)
  const scaled = (reading: Float64Array) =>
    Matrix.rowVector(Array.from(reading, (value, c) => (value - mean[c]!) / deviation[c]!))
  const rows = new Matrix(healthy.map((reading) => scaled(reading).getRow(0)))
  const inverse = pseudoInverse(rows.transpose().mmul(rows).div(healthy.length))
  const statistic = (reading: Float64Array) => {
    const z = scaled(reading)
    return z.mmul(inverse).dot(z)
  }
  const seen = healthy.map(statistic).sort((a, b) => a - b)
  const limit = seen[Math.ceil(0.99 * seen.length) - 1]!
  return (reading) => statistic(reading) > limit
}

function columnMoments(rows: readonly ArrayLike<number>[]) {
  const columns = Array.from({ length: rows[0]!.length }, (_, c) => c)
  const mean = columns.map((c) => rows.reduce((sum, row) => sum + row[c]!, 0) / rows.length)
  const deviation = columns.map((c) => {
    const spread = Math.sqrt(rows.reduce((sum, row) => sum + (row[c]! - mean[c]!) ** 2, 0) / rows.length)
    return spread > 0 ? spread : 1
  })
  return { mean, deviation }
}
