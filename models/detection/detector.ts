import { contributionsOf } from '../scoring/anomaly.ts'
import { type Healthy, learnHealthy, limited, scoresOf } from './healthy.ts'
import { MovingMean } from './movingMean.ts'
import type { DetectorOptions } from './options.ts'
import { sumOfCubes, tailOfCubes } from './rarity.ts'
import { RunningMedian } from './runningMedian.ts'
import { Signature } from './signature.ts'

/** What a detector says after one reading. */
export interface Detection {
  /** How rare a healthy machine deviates like this, 0 to 1: the tail probability of the median over `persist`. */
  readonly anomaly: number
  readonly alarm: boolean
  /** Deviation of each channel as a standard normal score, in the channels' order. */
  readonly scores: Float64Array
}

/** An alarm that has become as likely as this on a healthy machine is over, whatever its signature. */
const clearAt = 0.05

/** After an alarm the reference runs to where the machine is now as a mean over at first so many readings. */
const freshMemory = 20

/** A state that has lasted so many times as long as learning took is how the machine is now. */
const acceptedAfter = 2

/**
 * Detector of one machine, learned from its own beginning and causal: what it says of a reading uses no later one, and
 * neither place nor time. Smoothed readings are scored against a reference that follows slow drift; an alarm is raised
 * where the scores are rarer than the false alarm budget allows, freezes the reference, and ends with its signature.
 */
export class Detector {
  private readonly healthy: Healthy
  private readonly mean: MovingMean
  /** Mean of readings of which none counts for more than its limit: one wild reading raises no alarm. */
  private readonly limitedMean: MovingMean
  private readonly tail: (sum: number) => number
  private readonly raiseAt: number
  private readonly reference: Float64Array
  private median: RunningMedian
  private signature: Signature | undefined
  /** Readings since an alarm ended; null where none was. */
  private sinceAlarm: number | null = null

  /** `learning` are `options.learn` readings of the healthy machine, oldest first; the next reading follows on them. */
  constructor(
    learning: readonly ArrayLike<number>[],
    private readonly options: DetectorOptions,
  ) {
    const channels = learning[0]!.length
    this.healthy = learnHealthy(learning, options)
    this.reference = this.healthy.centre.slice()
    this.mean = new MovingMean(options.smooth, channels)
    this.limitedMean = new MovingMean(options.smooth, channels)
    this.median = new RunningMedian(options.persist)
    this.tail = tailOfCubes(channels)
    // Means over `smooth` readings: a machine is looked at anew once in so many.
    this.raiseAt = Math.min(0.5, options.smooth / options.readingsPerFalseAlarm)
    for (const reading of learning.slice(-options.smooth)) this.smoothed(reading)
  }

  /** Judges the next reading, one finite value a channel. */
  push(reading: ArrayLike<number>): Detection {
    const { smoothed, held } = this.smoothed(reading)
    const scores = scoresOf(smoothed, this.reference, this.healthy)
    const evidence = sumOfCubes(scoresOf(held, this.reference, this.healthy))
    const anomaly = this.tail(this.median.take(evidence))
    if (this.signature) this.goOn(this.signature, smoothed, scores, anomaly)
    else if (anomaly < this.raiseAt) {
      this.signature = new Signature(scores, this.options.signature, this.options.persist)
    } else this.follow(held)
    return { anomaly, alarm: this.signature !== undefined, scores }
  }

  /** The mean of the newest readings as they came, and with each held within its limit. */
  private smoothed(reading: ArrayLike<number>): { smoothed: Float64Array; held: Float64Array } {
    return {
      smoothed: this.mean.take(reading),
      held: this.limitedMean.take(limited(reading, this.reference, this.healthy)),
    }
  }

  private goOn(signature: Signature, smoothed: Float64Array, scores: Float64Array, anomaly: number): void {
    const { clearShare, learn, memory } = this.options
    const accepted = memory !== null && signature.readings > acceptedAfter * learn
    if (signature.left(scores) >= clearShare && anomaly < clearAt && !accepted) return
    this.signature = undefined
    this.sinceAlarm = 0
    if (accepted) this.reference.set(smoothed)
  }

  /** The reference as an exponential mean of what is seen without alarm. */
  private follow(smoothed: Float64Array): void {
    const { memory } = this.options
    if (memory === null) return
    if (this.sinceAlarm !== null) this.sinceAlarm += 1
    const fresh = this.sinceAlarm === null ? Number.POSITIVE_INFINITY : freshMemory + this.sinceAlarm
    const weight = 1 / Math.min(memory, fresh)
    for (let c = 0; c < smoothed.length; c++)
      this.reference[c]! += weight * (smoothed[c]! - this.reference[c]!)
  }
}

/** Signed share of each channel in a detection, absolute values summing to 1. */
export const shareOf = (channels: readonly string[], { scores }: Detection): Record<string, number> =>
  contributionsOf(channels, [...scores])
