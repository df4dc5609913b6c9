/**
 * The y range of a trend: all data, and the normal band as far as it does not squeeze the data below a third of the
 * height. `low` and `high` are null where there is no data.
 */
export function trendRange(
  low: number | null,
  high: number | null,
  normal: readonly [number, number] | null,
): [number, number] {
  if (low === null || high === null) return normal ? [normal[0], normal[1]] : [0, 1]
  const size = Math.max(high - low, Math.abs(high) * 0.002, 1e-9)
  const from = normal ? Math.max(Math.min(normal[0], low), low - size) : low
  const to = normal ? Math.min(Math.max(normal[1], high), high + size) : high
  const margin = (to - from) * 0.06 || size
  return [from - margin, to + margin]
}
