/** A correlation below this is noise of its estimate. */
const vanished = 0.05

/**
 * Integrated autocorrelation time in readings: 1 + 2 sum r(k), up to the first lag at which the correlation has vanished
 * (the window of Sokal 1997, cut by level). `series.length` divided by it is how many independent readings there are.
 */
export function correlationTime(series: Float64Array, longest: number): number {
  const centred = centre(series)
  const variance = dotAtLag(centred, 0)
  if (variance === 0) return 1
  let time = 1
  for (let lag = 1; lag < Math.min(longest, series.length / 2); lag++) {
    const r = dotAtLag(centred, lag) / variance
    if (r <= vanished) break
    time += 2 * r
  }
  return time
}

function centre(series: Float64Array): Float64Array {
  const mean = series.reduce((sum, value) => sum + value, 0) / series.length
  return series.map((value) => value - mean)
}

/** Mean product of values `lag` apart. */
function dotAtLag(series: Float64Array, lag: number): number {
  let sum = 0
  for (let i = lag; i < series.length; i++) sum += series[i]! * series[i - lag]!
  return sum / (series.length - lag)
}
