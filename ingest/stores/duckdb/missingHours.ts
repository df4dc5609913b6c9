import type { SeriesHour } from './hourSums.ts'

/** Hours whose roll-up has to be computed, as the table of them holds them. */
export class MissingHours {
  private readonly byHour = new Map<number, Set<number>>()

  /** True where it was not among them. */
  add([series, hour]: SeriesHour): boolean {
    let known = this.byHour.get(hour)
    if (!known) {
      known = new Set()
      this.byHour.set(hour, known)
    }
    if (known.has(series)) return false
    known.add(series)
    return true
  }

  /** Up to `most` series of one hour, in order: all that are missing between the first and the last. */
  some(most: number): { hour: number; series: readonly number[] } | undefined {
    for (const [hour, series] of this.byHour) {
      const sorted = Int32Array.from(series).sort()
      return { hour, series: [...sorted.subarray(0, most)] }
    }
    return undefined
  }

  remove(hour: number, series: readonly number[]): void {
    const known = this.byHour.get(hour)
    for (const one of series) known?.delete(one)
    if (known?.size === 0) this.byHour.delete(hour)
  }
}
