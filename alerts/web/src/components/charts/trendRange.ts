type Range = readonly [low: number, high: number]

/** A band far away is shown by its nearer edge and this much of it, in heights of the data. */
const glimpse = 0.35
/** So much of a wide band is shown around the data, in heights of the data. */
const around = 2

/**
 * The y range of a trend: all data, always the nearer edge of the normal band, and as much of the band as does not
 * squeeze the data into a line. `low` and `high` are null where there is no data.
 */
export function trendRange(low: number | null, high: number | null, normal: Range | null): [number, number] {
  if (low === null || high === null) return normal ? [normal[0], normal[1]] : [0, 1]
  const size = Math.max(high - low, Math.abs(high) * 0.002, 1e-9)
  const [from, to] = normal ? withBand([low, high], normal, size) : [low, high]
  const margin = (to - from) * 0.06 || size
  return [from - margin, to + margin]
}

function withBand([low, high]: Range, [bottom, top]: Range, size: number): Range {
  const nearBottom = Math.min(low - around * size, top - glimpse * size)
  const nearTop = Math.max(high + around * size, bottom + glimpse * size)
  return [Math.min(low, Math.max(bottom, nearBottom)), Math.max(high, Math.min(top, nearTop))]
}
