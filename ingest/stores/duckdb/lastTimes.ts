import { SeriesNumbers } from './seriesNumbers.ts'

/**
 * The newest time of each series, as committed and as the open transaction has it: readers must not see what is not
 * there yet, the writer must. Numbers side by side instead of maps: with 100,000 series a slice touches most of them.
 */
export class LastTimes {
  private readonly committed = new SeriesNumbers()
  private readonly ahead = new SeriesNumbers()
  /** Series that the open transaction has moved on. */
  private moved: number[] = []

  constructor(newest: Iterable<readonly [series: number, time: number]>) {
    for (const [series, time] of newest) {
      this.committed.set(series, time)
      this.ahead.set(series, time)
    }
  }

  /** Moves a series on where `time` is later than its newest; true where it was. */
  advance(series: number, time: number): boolean {
    if (time <= this.ahead.get(series)) return false
    if (this.ahead.get(series) === this.committed.get(series) || !this.ahead.has(series))
      this.moved.push(series)
    this.ahead.set(series, time)
    return true
  }

  /** What the transaction has moved on now holds for readers. */
  commit(): void {
    for (const series of this.moved) this.committed.set(series, this.ahead.get(series))
    this.moved = []
  }

  /** Newest committed time; undefined where the series has no rows. */
  of(series: number): number | undefined {
    return this.committed.has(series) ? this.committed.get(series) : undefined
  }

  /** Newest committed time of every series that has rows. */
  *entries(): Generator<readonly [series: number, time: number]> {
    for (const [series, time] of this.committed.all().entries()) {
      if (!Number.isNaN(time)) yield [series, time]
    }
  }

  /** Earliest of the newest times: every series has its newest row at or after it. */
  earliest(): number {
    let earliest = Number.POSITIVE_INFINITY
    for (const time of this.committed.all()) if (time < earliest) earliest = time
    return earliest
  }
}
