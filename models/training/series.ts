/** Readings of one device in order of time, columns side by side: millions of them without an object each. */
export interface DeviceSeries {
  readonly device: string
  /** Event times, ms, ascending. */
  readonly times: Float64Array
  /** Per channel in the catalogue's order; NaN where a reading has no value. */
  readonly channels: readonly Float64Array[]
  /** Remaining life as the source tells it, usage units; NaN where no failure is in sight. Null where it tells none. */
  readonly rul: Float64Array | null
}

export const readingsIn = (all: readonly DeviceSeries[]): number =>
  all.reduce((sum, { times }) => sum + times.length, 0)

/** Part of a series: the readings `from` to `to`, the latter left out. Shares its memory. */
export function sliceSeries({ device, times, channels, rul }: DeviceSeries, from: number, to: number) {
  return {
    device,
    times: times.subarray(from, to),
    channels: channels.map((values) => values.subarray(from, to)),
    rul: rul ? rul.subarray(from, to) : null,
  }
}

/** A column of numbers that grows. */
export class GrowingColumn {
  private values = new Float64Array(256)
  private count = 0

  get length(): number {
    return this.count
  }

  push(value: number): void {
    if (this.count === this.values.length) {
      const wider = new Float64Array(2 * this.count)
      wider.set(this.values)
      this.values = wider
    }
    this.values[this.count++] = value
  }

  /** The last value; NaN of an empty column. */
  last(): number {
    return this.count === 0 ? Number.NaN : this.values[this.count - 1]!
  }

  /** What was pushed, in memory of its own. */
  finish(): Float64Array {
    return this.values.slice(0, this.count)
  }
}
