/** The median of finite numbers; NaN of none. */
export function median(values: Iterable<number>): number {
  const sorted = Float64Array.from([...values].filter(Number.isFinite)).sort()
  if (sorted.length === 0) return Number.NaN
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** A number as people read it: four figures, without zeros that say nothing. */
export const figure = (value: number): string => String(Number(value.toPrecision(4)))
