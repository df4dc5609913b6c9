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

export const createSmoother = (smoothing: Smoothing, inputs: number): Smoother =>
  smoothing.kind === 'ema'
    ? new MovingAverage(smoothing.alpha, inputs)
    : new NewestMean(smoothing.over, inputs)

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
