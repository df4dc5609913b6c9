import { correlationTime } from './correlationTime.ts'
import { MovingMean } from './movingMean.ts'
import { normalScore } from './normalScore.ts'
import type { DetectorOptions } from './options.ts'

/** What a machine's healthy beginning taught, channel by channel, in the channel's own unit. */
export interface Healthy {
  /** Mean of the readings. */
  readonly centre: Float64Array
  /** Spread that a new smoothed reading is expected to have around it. */
  readonly spread: Float64Array
  /** Independent smoothed readings that the spread was learned from, less one. */
  readonly freedom: Float64Array
}

/** With fewer the distribution has no variance to speak of. */
const leastFreedom = 1.5
/** Longest correlation that is looked for, as a share of the readings. */
const longestShare = 0.375

/**
 * Learns from healthy readings (`rows[i]` one reading). A channel that wanders slowly has few independent readings in
 * them: its spread counts as little known (few degrees of freedom), so that its drift later alarms nobody while a
 * steady channel is watched closely. The spread is that of a prediction, s sqrt((n + 1) / n).
 */
export function learnHealthy(
  rows: readonly ArrayLike<number>[],
  { smooth, leastChange }: Pick<DetectorOptions, 'smooth' | 'leastChange'>,
): Healthy {
  const channels = rows[0]!.length
  const mean = new MovingMean(smooth, channels)
  const means = rows.map((row) => mean.take(row)).slice(Math.min(smooth, rows.length - 1))
  const columns = Array.from({ length: channels }, (_, c) => ({
    raw: moments(Float64Array.from(rows, (row) => row[c]!)),
    smoothed: Float64Array.from(means, (row) => row[c]!),
  }))
  const learned = columns.map(({ raw, smoothed }) => learnChannel(raw, smoothed, smooth, leastChange))
  return {
    centre: Float64Array.from(learned, (l) => l.centre),
    spread: Float64Array.from(learned, (l) => l.spread),
    freedom: Float64Array.from(learned, (l) => l.freedom),
  }
}

interface Moments {
  readonly mean: number
  readonly deviation: number
}

function learnChannel(raw: Moments, smoothed: Float64Array, smooth: number, leastChange: number) {
  const longest = Math.floor(longestShare * smoothed.length)
  const independent = smoothed.length / correlationTime(smoothed, longest)
  const known = Math.max(leastFreedom, independent - 1)
  // A mean of readings cannot be trusted to be much steadier than noise allows, however still training was.
  const least = (raw.deviation / Math.sqrt(smooth)) * 0.5
  const seen = Math.max(moments(smoothed).deviation, least, smallest(raw.mean))
  const learned = (seen * seen * (known + 2)) / (known + 1)
  const allowed = (leastChange * raw.mean) ** 2
  // Welch and Satterthwaite's freedom of a sum of variances, of which what is allowed is known exactly.
  const freedom = known * ((learned + allowed) / learned) ** 2
  return { centre: raw.mean, spread: Math.sqrt(learned + allowed), freedom }
}

/** A channel that did not move at all while learning: any move is a deviation, yet not an infinite one. */
const smallest = (mean: number) => 1e-6 * Math.max(1, Math.abs(mean))

function moments(values: Float64Array): Moments {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length
  return { mean, deviation: Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length) }
}

/** Normal scores of a smoothed reading against a reference, channel by channel: a new array. */
export function scoresOf(smoothed: Float64Array, reference: Float64Array, healthy: Healthy): Float64Array {
  return smoothed.map((value, c) =>
    normalScore((value - reference[c]!) / healthy.spread[c]!, healthy.freedom[c]!),
  )
}
