/** Durations in buckets that grow by 2^(1/16), 4.4 %: that exact is a quantile read from them. */
const perDoubling = 16
const shortestMs = 0.01

export class Histogram {
  private readonly counts = new Float64Array(perDoubling * 26)
  private longest = 0
  private total = 0

  add(ms: number, count = 1): void {
    const bucket = Math.floor(perDoubling * Math.log2(Math.max(ms, shortestMs) / shortestMs))
    this.counts[Math.min(bucket, this.counts.length - 1)]! += count
    this.total += count
    if (ms > this.longest) this.longest = ms
  }

  /** Null where nothing was added. */
  quantile(q: number): number | null {
    if (this.total === 0) return null
    let below = 0
    const found = this.counts.findIndex((n) => {
      below += n
      return below >= q * this.total
    })
    return rounded(Math.min(this.longest, shortestMs * 2 ** ((found + 0.5) / perDoubling)))
  }

  max(): number | null {
    return this.total === 0 ? null : rounded(this.longest)
  }
}

const rounded = (ms: number): number => Number(ms.toPrecision(3))
