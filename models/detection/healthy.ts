import { MovingMean } from './movingMean.ts'
import { deviationAt, normalScore } from './normalScore.ts'
import type { DetectorOptions } from './options.ts'

/** What a machine's healthy beginning taught, channel by channel, in the channel's own unit. */
export interface Healthy {
  /** Mean of the readings. */
  readonly centre: Float64Array
  /** Spread that a new smoothed reading is expected to have around it. */
  readonly spread: Float64Array
  /** Degrees of freedom with which the spread is known. */
  readonly freedom: Float64Array
  /** Deviation of one reading that counts at most. */
  readonly limit: Float64Array
}

/**
 * Degrees of freedom of what a channel moves by itself, slowly, beside its noise: such a movement is seen a few times
 * while learning, however many readings that takes.
 */
const wanderFreedom = 3
/** One reading counts for so many deviations of single readings at most (winsorised as by Huber 1981), ... */
const readingLimit = 4
/** ... but never for less than would, if it stayed, score so much: a lasting fault is seen in any channel. */
const lastingScore = 5

/**
 * Learns from healthy readings (`rows[i]` one reading). The variance of a smoothed reading is noise, which hundreds of
 * readings tell, and wander, of which they show a few turns only. A channel that wanders is thus little known, so that
 * its drift later alarms nobody while a steady channel is watched closely. The spread is that of a prediction,
 * s sqrt((n + 1) / n).
 */
export function learnHealthy(
  rows: readonly ArrayLike<number>[],
  { smooth, leastChange }: Pick<DetectorOptions, 'smooth' | 'leastChange'>,
): Healthy {
  const channels = rows[0]!.length
  const mean = new MovingMean(smooth, channels)
  const means = rows.map((row) => mean.take(row)).slice(Math.min(smooth, rows.length - 1))
  const learned = Array.from({ length: channels }, (_, c) =>
    learnChannel(
      Float64Array.from(rows, (row) => row[c]!),
      Float64Array.from(means, (row) => row[c]!),
      smooth,
      leastChange,
    ),
  )
  return {
    centre: Float64Array.from(learned, (l) => l.centre),
    spread: Float64Array.from(learned, (l) => l.spread),
    freedom: Float64Array.from(learned, (l) => l.freedom),
    limit: Float64Array.from(learned, (l) => l.limit),
  }
}

function learnChannel(readings: Float64Array, smoothed: Float64Array, smooth: number, leastChange: number) {
  const raw = moments(readings)
  // A mean of readings cannot be trusted to be much steadier than noise allows, however still training was.
  const least = (raw.deviation / Math.sqrt(smooth)) * 0.5
  const seen = Math.max(moments(smoothed).deviation, least, smallest(raw.mean)) ** 2
  const noise = Math.min(seen, noiseVariance(readings) / smooth)
  const known = freedomOf([
    { variance: noise, freedom: Math.max(1, readings.length / smooth - 1) },
    { variance: seen - noise, freedom: wanderFreedom },
  ])
  const learned = (seen * (known + 2)) / (known + 1)
  const allowed = (leastChange * raw.mean) ** 2
  const freedom = freedomOf([
    { variance: learned, freedom: known },
    { variance: allowed, freedom: Number.POSITIVE_INFINITY },
  ])
  const spread = Math.sqrt(learned + allowed)
  const lasting = deviationAt(lastingScore, freedom) * spread
  return { centre: raw.mean, spread, freedom, limit: Math.max(readingLimit * raw.deviation, lasting) }
}

/** Freedom of a sum of variances of which each is known with its own (Satterthwaite 1946, Welch 1947). */
function freedomOf(parts: readonly { readonly variance: number; readonly freedom: number }[]): number {
  const sum = parts.reduce((s, { variance }) => s + variance, 0)
  return sum ** 2 / parts.reduce((s, { variance, freedom }) => s + variance ** 2 / freedom, 0)
}

/** Variance of what differs from one reading to the next: half the mean square of differences (von Neumann 1941). */
function noiseVariance(readings: Float64Array): number {
  let sum = 0
  for (let i = 1; i < readings.length; i++) sum += (readings[i]! - readings[i - 1]!) ** 2
  return sum / 2 / (readings.length - 1)
}

interface Moments {
  readonly mean: number
  readonly deviation: number
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

/** A reading held within what counts of it: a new array. */
export const limited = (
  reading: ArrayLike<number>,
  reference: Float64Array,
  { limit }: Healthy,
): Float64Array =>
  reference.map((level, c) => Math.min(Math.max(reading[c]!, level - limit[c]!), level + limit[c]!))
