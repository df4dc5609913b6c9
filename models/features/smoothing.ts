import type { Smoothing } from './spec.ts'

/**
 * Makes one number of each input's rows, row by row with all inputs side by side: the processor works on them at once,
 * where one after the other each row would wait for the row before.
 */
export interface Smoother {
  /** A window of so many rows begins. */
  begin(rows: number): void
  /** The next row; one number an input. */
  take(inputs: Float64Array): void
  /** Writes one number an input from `at` on. */
  write(into: Float64Array, at: number): void
}

export function createSmoother(smoothing: Smoothing, inputs: number): Smoother {
  switch (smoothing.kind) {
    case 'ema':
      return new MovingAverage(smoothing.alpha, inputs)
    case 'mean':
      return new NewestMean(smoothing.over, inputs)
    case 'slope':
      return new NewestShape(1, smoothing.over, inputs)
    case 'curvature':
      return new NewestShape(2, smoothing.over, inputs)
  }
}

/** Starts as a running mean, so that the first rows weigh no more than the others. */
class MovingAverage implements Smoother {
  private readonly averages: Float64Array
  private row = 0

  constructor(
    private readonly alpha: number,
    inputs: number,
  ) {
    this.averages = new Float64Array(inputs)
  }

  begin(): void {
    this.averages.fill(0)
    this.row = 0
  }

  take(inputs: Float64Array): void {
    const { averages } = this
    this.row += 1
    const weight = Math.max(this.alpha, 1 / this.row)
    for (let i = 0; i < averages.length; i++) averages[i]! += weight * (inputs[i]! - averages[i]!)
  }

  write(into: Float64Array, at: number): void {
    into.set(this.averages, at)
  }
}

/** Mean of the newest rows. */
class NewestMean implements Smoother {
  private readonly sums: Float64Array
  /** Rows before those that count. */
  private skipped = 0
  private rows = 0

  constructor(
    private readonly over: number,
    inputs: number,
  ) {
    this.sums = new Float64Array(inputs)
  }

  begin(rows: number): void {
    this.sums.fill(0)
    this.skipped = Math.max(0, rows - this.over)
    this.rows = rows - this.skipped
  }

  take(inputs: Float64Array): void {
    if (this.skipped-- > 0) return
    const { sums } = this
    for (let i = 0; i < sums.length; i++) sums[i]! += inputs[i]!
  }

  write(into: Float64Array, at: number): void {
    for (let i = 0; i < this.sums.length; i++) into[at + i] = this.sums[i]! / this.rows
  }
}

/** The newest rows' share of an orthogonal polynomial of degree 1 or 2. */
class NewestShape implements Smoother {
  private readonly sums: Float64Array
  /** By number of rows: windows of the same length come again and again. */
  private readonly weightsOf = new Map<number, Float64Array>()
  private weights: Float64Array = new Float64Array(0)
  /** Place of the next row among those that count; negative before them. */
  private place = 0

  constructor(
    private readonly degree: 1 | 2,
    private readonly over: number,
    inputs: number,
  ) {
    this.sums = new Float64Array(inputs)
  }

  begin(rows: number): void {
    this.sums.fill(0)
    const counted = Math.min(rows, this.over)
    this.place = counted - rows
    this.weights = this.weightsOf.get(counted) ?? polynomialWeights(this.degree, counted)
    this.weightsOf.set(counted, this.weights)
  }

  take(inputs: Float64Array): void {
    const place = this.place++
    if (place < 0) return
    const { sums } = this
    const weight = this.weights[place]!
    for (let i = 0; i < sums.length; i++) sums[i]! += weight * inputs[i]!
  }

  write(into: Float64Array, at: number): void {
    into.set(this.sums, at)
  }
}

/**
 * The discrete orthogonal polynomial (Gram, Chebyshev) of degree 1 or 2 on so many equal steps, with a squared sum of
 * 1 / rows as the weights of a mean have, newest row last. Zeros where too few rows determine it.
 */
function polynomialWeights(degree: 1 | 2, rows: number): Float64Array {
  if (rows <= degree) return new Float64Array(rows)
  const middle = (rows - 1) / 2
  const squares = (rows * rows - 1) / 12
  const weights = Float64Array.from({ length: rows }, (_, row) =>
    degree === 1 ? row - middle : (row - middle) ** 2 - squares,
  )
  const norm = Math.sqrt(rows * weights.reduce((sum, w) => sum + w * w, 0))
  return weights.map((w) => w / norm)
}
