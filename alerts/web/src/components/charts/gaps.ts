/** So many of the usual distances between points are no gap yet. */
const tolerance = 3

/** Points with holes between them where time jumps: `index[i]` is the point drawn at `x[i]`, null for a hole. */
export interface Gapped {
  readonly x: readonly number[]
  readonly index: readonly (number | null)[]
}

/** What is usual is the distance that 95 of 100 neighbours keep: live points lie further apart than kept ones. */
function usualDistance(times: readonly number[]): number {
  const distances = times.slice(1).map((t, i) => t - times[i]!)
  distances.sort((a, b) => a - b)
  return distances[Math.floor((distances.length - 1) * 0.95)] ?? 0
}

/** A line over hours without points would claim values that nobody saw. `times`: ms, oldest first. */
export function withGaps(times: readonly number[]): Gapped {
  const longest = tolerance * usualDistance(times)
  const x: number[] = []
  const index: (number | null)[] = []
  for (const [i, time] of times.entries()) {
    const before = times[i - 1]
    if (before !== undefined && time - before > longest) {
      x.push((before + time) / 2)
      index.push(null)
    }
    x.push(time)
    index.push(i)
  }
  return { x, index }
}

/** A column of values laid over the points and holes. */
export const laidOver = (
  { index }: Gapped,
  values: readonly (number | null | undefined)[],
): (number | null)[] => index.map((i) => (i === null ? null : (values[i] ?? null)))
