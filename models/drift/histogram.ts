/** Bins of a histogram: between and beyond nine edges. */
export const bins = 10

/** A share below this counts as this: an empty bin says "rare", not "impossible". */
const leastShare = 1e-3

/** How often values fell between fixed edges, older ones counting ever less. */
export class FadingHistogram {
  private readonly weights = new Float32Array(bins)
  private total = 0

  /** `fade`: what the weight of all before is multiplied with at each value. */
  constructor(
    private readonly edges: readonly number[],
    private readonly fade: number,
  ) {}

  take(value: number): void {
    const { weights, fade } = this
    for (let i = 0; i < bins; i++) weights[i]! *= fade
    weights[binOf(value, this.edges)]! += 1
    this.total = this.total * fade + 1
  }

  /** Values that it stands for: at most 1 / (1 - fade). */
  get count(): number {
    return this.total
  }

  shares(): number[] {
    return Array.from(this.weights, (weight) => (this.total > 0 ? weight / this.total : 0))
  }
}

/** A value on an edge belongs to the bin below it. */
export function binOf(value: number, edges: readonly number[]): number {
  let [low, high] = [0, edges.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (value > edges[middle]!) low = middle + 1
    else high = middle
  }
  return low
}

/**
 * Population stability index of shares against the tenths that training had in each bin: sum of (p - q) ln(p / q). Below
 * 0.1 is taken for stable, above 0.25 for a shift (Siddiqi 2006). Edges that coincide leave bins that training never
 * filled; they are taken together with the bin before.
 */
export function stabilityIndex(shares: readonly number[], edges: readonly number[]): number {
  let [index, share, expected] = [0, 0, 0]
  for (let bin = 0; bin < bins; bin++) {
    share += shares[bin]!
    expected += 1 / bins
    if (bin < edges.length && edges[bin + 1] === edges[bin]) continue
    const p = Math.max(leastShare, share)
    index += (p - expected) * Math.log(p / expected)
    share = 0
    expected = 0
  }
  return index
}
