/** Median of the newest values; the upper one of the two middle ones while there is an even number. */
export class RunningMedian {
  private readonly values: number[] = []

  constructor(private readonly over: number) {}

  take(value: number): number {
    this.values.push(value)
    if (this.values.length > this.over) this.values.shift()
    return this.values.toSorted((a, b) => a - b)[this.values.length >> 1]!
  }
}
