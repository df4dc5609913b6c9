import { hourOf } from '../hours.ts'
import type { SeriesRows } from './chunks.ts'
import { SeriesNumbers } from './seriesNumbers.ts'

/** What an hour comes to, a channel; the columns of a roll-up are named `<channel>_<function>`. */
export const functions = ['count', 'min', 'max', 'mean'] as const

/** An hour of a series that has to be computed from its readings. */
export type SeriesHour = readonly [series: number, hour: number]

/**
 * What the hour that each series is in comes to so far: counting along while readings pass costs a fraction of reading
 * them again later. An hour is done when its series has a reading after it. Where a reading replaced another, or the
 * hour began before this process did, what it comes to is not known here: it is `missing`.
 */
export class HourSums {
  private readonly channels: readonly string[]
  private readonly hours = new SeriesNumbers()
  /** The hour of a series that cannot be counted along. */
  private readonly spoilt = new SeriesNumbers()
  /** By series and channel, the functions side by side. */
  private sums = new Float64Array(0)
  private done: { series: number[]; hours: number[]; values: number[] } = {
    series: [],
    hours: [],
    values: [],
  }
  private missing: SeriesHour[] = []

  /** `newest`: of the series that have readings already. */
  constructor(channels: readonly string[], newest: Iterable<readonly [series: number, time: number]>) {
    this.channels = channels
    for (const [series, time] of newest) {
      this.begin(series, hourOf(time))
      this.spoilt.set(series, hourOf(time))
    }
  }

  /** Rows that are later than all before them of their series, in order. */
  add(rows: SeriesRows, fresh: readonly number[]): void {
    let counted = 0
    for (let i = 0; i < fresh.length; i++) {
      const series = rows.series[fresh[i]!]!
      const hour = hourOf(rows.time[fresh[i]!]!)
      if (this.hours.get(series) === hour) continue
      if (this.hours.has(series)) {
        // Its hour ends with what came before this row.
        this.count(rows, fresh, counted, i)
        counted = i
        this.finish(series, this.hours.get(series))
      }
      this.begin(series, hour)
    }
    this.count(rows, fresh, counted, fresh.length)
  }

  /** Rows that came late; `areNew`: none of them replaced another. */
  addLate(rows: SeriesRows, late: readonly number[], areNew: boolean): void {
    const countable: number[] = []
    for (const row of late) {
      const series = rows.series[row]!
      const hour = hourOf(rows.time[row]!)
      if (this.hours.get(series) !== hour) this.missing.push([series, hour])
      else if (areNew) countable.push(row)
      else this.spoilt.set(series, hour)
    }
    this.count(rows, countable, 0, countable.length)
  }

  /** Removes and returns what is done and what is missing. */
  take(): { done: SeriesRows; missing: readonly SeriesHour[] } {
    const { series, hours, values } = this.done
    const stride = this.channels.length * functions.length
    const columns = this.channels.flatMap((channel, c) =>
      functions.map((name, f) => [
        `${channel}_${name}`,
        Float64Array.from(series, (_, i) => values[i * stride + c * functions.length + f]!),
      ]),
    ) as [string, Float64Array][]
    const taken = {
      done: {
        length: series.length,
        series: Int32Array.from(series),
        time: Float64Array.from(hours),
        columns: new Map(columns),
      },
      missing: this.missing,
    }
    this.done = { series: [], hours: [], values: [] }
    this.missing = []
    return taken
  }

  private finish(series: number, hour: number): void {
    if (this.spoilt.get(series) === hour) {
      this.missing.push([series, hour])
      return
    }
    this.done.series.push(series)
    this.done.hours.push(hour)
    for (let c = 0; c < this.channels.length; c++) {
      const at = this.placeOf(series, c)
      const isEmpty = this.sums[at] === 0
      for (let f = 0; f < functions.length; f++) {
        this.done.values.push(isEmpty ? Number.NaN : this.sums[at + f]!)
      }
    }
  }

  private begin(series: number, hour: number): void {
    this.hours.set(series, hour)
    if (this.placeOf(series + 1, 0) > this.sums.length) this.grow(series + 1)
    for (let c = 0; c < this.channels.length; c++) {
      const at = this.placeOf(series, c)
      this.sums[at] = 0
      this.sums[at + 1] = Number.POSITIVE_INFINITY
      this.sums[at + 2] = Number.NEGATIVE_INFINITY
      this.sums[at + 3] = 0
    }
  }

  private count(rows: SeriesRows, selected: readonly number[], start: number, end: number): void {
    this.channels.forEach((channel, c) => {
      const values = rows.columns.get(channel)
      if (values) this.countChannel(c, rows.series, values, selected, start, end)
    })
  }

  /** The one hot loop: every value of every reading comes by. */
  private countChannel(
    channel: number,
    series: Int32Array,
    values: Float64Array,
    selected: readonly number[],
    start: number,
    end: number,
  ): void {
    const { sums } = this
    const stride = this.channels.length * functions.length
    for (let i = start; i < end; i++) {
      const value = values[selected[i]!]!
      if (!Number.isFinite(value)) continue
      const at = series[selected[i]!]! * stride + channel * functions.length
      const count = sums[at]! + 1
      sums[at] = count
      if (value < sums[at + 1]!) sums[at + 1] = value
      if (value > sums[at + 2]!) sums[at + 2] = value
      // A running mean: sums of the largest numbers would overflow.
      sums[at + 3] = sums[at + 3]! + (value - sums[at + 3]!) / count
    }
  }

  private placeOf(series: number, channel: number): number {
    return (series * this.channels.length + channel) * functions.length
  }

  private grow(series: number): void {
    const grown = new Float64Array(Math.max(this.placeOf(series, 0), 2 * this.sums.length))
    grown.set(this.sums)
    this.sums = grown
  }
}
