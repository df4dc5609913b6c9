import { CholeskyDecomposition, EigenvalueDecomposition, inverse, Matrix } from 'ml-matrix'
import type { AssetType } from '../../core/catalogue.ts'
import type { FeatureSpec } from '../features/spec.ts'
import type { TrainingLife } from './dataset.ts'
import { collectSamples } from './samples.ts'

/** Rows whose mean is taken for what a machine's state makes of a sensor: the window of the published protocol. */
const smoothed = 30
/** Keeps the noise of sensors that repeat one another invertible, as a share of each one's variance. */
const ridge = 1e-6

/**
 * The `count` sums of inputs in which wear stands out most from noise: minimum noise fractions (Green, Berman, Switzer &
 * Craig 1988). They maximise the variance of 30-row means over that of a row's noise, known from its difference to the
 * row before. Many sensors show the same few states; a network that gets them all learns the noise of the training
 * machines along with it. `[direction][input]`, noise has variance 1 in each; at most one a sensor.
 */
export function fitDirections(
  type: AssetType,
  lives: readonly TrainingLife[],
  { inputs, regime }: Pick<FeatureSpec, 'inputs' | 'regime'>,
  count: number,
): number[][] {
  const rowsSmoothedOver = (over: number, every: number) =>
    collectSamples(
      type,
      lives,
      { inputs, smoothings: [{ kind: 'mean', over }], usage: null, regime },
      every,
    ).map((samples) => samples.features)
  const noise = covariance(rowsSmoothedOver(1, 1).flatMap(differences))
  const signal = covariance(rowsSmoothedOver(smoothed, 3).flat())
  const spread = inputs.map((_, i) => Math.sqrt(noise.get(i, i)) || 1)
  const inSpreads = (m: Matrix) =>
    new Matrix(m.to2DArray().map((row, a) => row.map((x, b) => x / (spread[a]! * spread[b]!))))
  const unit = inSpreads(noise).add(Matrix.eye(inputs.length).mul(ridge))
  // With N = L L', the directions of the generalised problem S u = v N u are L'^-1 times those of L^-1 S L'^-1.
  const whitening = inverse(new CholeskyDecomposition(unit).lowerTriangularMatrix)
  const whitened = whitening.mmul(inSpreads(signal)).mmul(whitening.transpose())
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(whitened, {
    assumeSymmetric: true,
  })
  const directions = whitening.transpose().mmul(eigenvectorMatrix)
  return realEigenvalues
    .map((value, column) => ({ value, column }))
    .sort((a, b) => b.value - a.value)
    .slice(0, count)
    .map(({ column }) => upright(directions.getColumn(column)).map((x, i) => x / spread[i]!))
}

/** A row's difference to the row before, scaled to have the variance of one row's noise. */
const differences = (rows: readonly Float64Array[]): Float64Array[] =>
  rows.slice(1).map((row, i) => row.map((x, c) => (x - rows[i]![c]!) * Math.SQRT1_2))

function covariance(rows: readonly Float64Array[]): Matrix {
  const width = rows[0]!.length
  const mean = Float64Array.from(
    { length: width },
    (_, c) => rows.reduce((sum, r) => sum + r[c]!, 0) / rows.length,
  )
  const products = Matrix.zeros(width, width)
  for (const row of rows)
    for (let a = 0; a < width; a++)
      for (let b = 0; b < width; b++)
        products.set(a, b, products.get(a, b) + (row[a]! - mean[a]!) * (row[b]! - mean[b]!))
  return products.div(rows.length)
}

/** A direction has no sign of its own: the largest weight is made positive. */
function upright(direction: number[]): number[] {
  const largest = direction.reduce((most, x) => (Math.abs(x) > Math.abs(most) ? x : most), 0)
  return largest < 0 ? direction.map((x) => -x) : direction
}
