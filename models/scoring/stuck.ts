import type { AlignedWindow } from '../windows/align.ts'

/** A run of one value this many times as long as any in training is a stuck sensor, ... */
const runFactor = 3
/** ... but never fewer rows than this. */
const shortestRun = 8
/**
 * So is a spread this many times smaller than the least in training: of eight readings with noise of their own, that is
 * some 2,000 times rarer than the calmest stretch that training saw (chi square of seven degrees of freedom near 0).
 */
const calmFactor = 3

/** What says that a sensor does not measure any more. */
export interface StuckLimits {
  /** Rows that are looked at, the newest that were not held. */
  readonly rows: number
  /** Standard deviation over them below which the sensor is stuck although it dithers; 0: only a run of one value tells. */
  readonly spread: number
}

/** Readings that may not repeat one value, for a sensor whose longest run while training is known. */
export const rowsToStick = (longestRun: number): number => Math.max(shortestRun, runFactor * longestRun)

/** `leastSpread` as `leastSpreadOf` gives it; undefined for a model that was trained before it was learned. */
export const stuckLimits = (longestRun: number, leastSpread: number | undefined): StuckLimits => ({
  rows: rowsToStick(longestRun),
  spread: (leastSpread ?? 0) / calmFactor,
})

/**
 * Least standard deviation over any `rows` neighbouring values of a series, in the precision of windows; infinite for a
 * shorter series. In a channel that is reported in coarse steps it is that of one step among `rows` values at least,
 * as long as they are more than its longest run: such a channel is only ever stuck by standing still.
 */
export function leastSpreadOf(series: ArrayLike<number>, rows: number): number {
  let least = Number.POSITIVE_INFINITY
  for (let end = rows; end <= series.length; end++) {
    const spread = spreadOf(rows, (i) => Math.fround(series[end - rows + i]!))
    if (spread < least) least = spread
  }
  return least
}

/** Whether the newest readings of a channel repeat one value, or keep closer together than any sensor that measures. */
export function isStuck(window: AlignedWindow, column: number, limits: StuckLimits): boolean {
  const newest = newestRows(window, limits.rows)
  if (newest.length < limits.rows) return false
  const valueAt = (i: number) => window.values[newest[i]! * window.channels + column]!
  const first = valueAt(0)
  if (newest.every((_, i) => valueAt(i) === first)) return true
  return limits.spread > 0 && spreadOf(newest.length, valueAt) < limits.spread
}

/** The newest `count` rows that were not held, newest first; fewer where there are no more. */
function newestRows({ rows, held }: AlignedWindow, count: number): number[] {
  const newest: number[] = []
  for (let row = rows - 1; row >= 0 && newest.length < count; row--) if (!held[row]) newest.push(row)
  return newest
}

/** Standard deviation of `count` values; NaN where one is. About the first: the level may be far above the spread. */
function spreadOf(count: number, valueAt: (i: number) => number): number {
  const first = valueAt(0)
  let mean = 0
  for (let i = 0; i < count; i++) mean += (valueAt(i) - first) / count
  let sum = 0
  for (let i = 0; i < count; i++) sum += (valueAt(i) - first - mean) ** 2
  return Math.sqrt(sum / count)
}
