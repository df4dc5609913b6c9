/** A number for each series, NaN for none; series are numbered from 0 without gaps. */
export class SeriesNumbers {
  private values = new Float64Array(64).fill(Number.NaN)

  has(series: number): boolean {
    return !Number.isNaN(this.get(series))
  }

  get(series: number): number {
    return series < this.values.length ? this.values[series]! : Number.NaN
  }

  set(series: number, value: number): void {
    if (series >= this.values.length) this.grow(series)
    this.values[series] = value
  }

  /** All of them, NaN among them. */
  all(): Float64Array {
    return this.values
  }

  private grow(series: number): void {
    const grown = new Float64Array(Math.max(series + 1, 2 * this.values.length)).fill(Number.NaN)
    grown.set(this.values)
    this.values = grown
  }
}
