import { quantileLevels, type RulQuantiles } from '../../../core/score.ts'
import { normalScore } from '../../detection/normalScore.ts'
import type { HealthTrend } from './healthTrend.ts'
import { normalTail } from './normalTail.ts'

export interface UnlearnedLife {
  /** Probability that the machine is faulty at all. */
  readonly faulty: number
  /** Trend of the health index; undefined where the window is too short for one. */
  readonly trend: HealthTrend | undefined
  /** Health index at which the machine is taken to have failed. */
  readonly limit: number
  /** Usage units. */
  readonly horizon: number
  readonly cap: number
}

/** Even beyond its limit a machine has some way to go: nobody has seen it fail. */
const leastDistance = Math.log(1.25)

/** Bisections of a quantile: to a millionth of the cap. */
const halvings = 20

/**
 * Remaining life of a machine of whose kind no failure was seen. A faulty one fails by the first of two hands: its health
 * index reaches the limit along its trend, the slope known within its standard error; or, since the index may not tell
 * (a fault that came at once shows no trend), after an exponential time with half the horizon as its median. A machine
 * that is not faulty lives beyond the cap. Wide on purpose: nothing of it is learned yet.
 */
export function lifeWithoutHistory(life: UnlearnedLife): { rul: RulQuantiles; failureProbability: number } {
  const within = (usage: number) => life.faulty * (1 - (1 - reached(usage, life)) * (1 - prior(usage, life)))
  const most = within(life.cap)
  const quantile = (level: number) => (most < level ? life.cap : bisect(within, level, life.cap))
  const [p05, p10, p50, p90, p95] = quantileLevels.map(quantile) as [number, number, number, number, number]
  return { rul: { p05, p10, p50, p90, p95 }, failureProbability: within(life.horizon) }
}

const prior = (usage: number, { horizon }: UnlearnedLife) => 1 - 2 ** ((-2 * usage) / horizon)

/** P(the line reaches the limit within `usage`): the slope is at least what that takes. */
function reached(usage: number, { trend, limit }: UnlearnedLife): number {
  if (!trend || usage <= 0) return 0
  const needed = Math.max(leastDistance, limit - trend.level) / usage
  if (trend.slopeError === 0) return trend.slope >= needed ? 1 : 0
  return normalTail(normalScore((needed - trend.slope) / trend.slopeError, trend.freedom))
}

/** Where a function that rises reaches `level`. */
function bisect(rising: (x: number) => number, level: number, highest: number): number {
  let [low, high] = [0, highest]
  for (let i = 0; i < halvings; i++) {
    const middle = (low + high) / 2
    if (rising(middle) < level) low = middle
    else high = middle
  }
  return high
}
