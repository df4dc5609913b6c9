import type { Outcome } from './conformal.ts'

/** Outcomes of which those of one machine count as one. */
export interface Pool {
  readonly outcomes: readonly Outcome[]
  /** One an outcome; they add up to 1, the same for every machine. */
  readonly weights: Float64Array
  readonly machines: number
}

/** Pools outcomes by machine; each is one of a machine of its own where `nameOf` names none. */
export function poolOf(
  outcomes: readonly Outcome[],
  nameOf: (outcome: Outcome) => string | undefined = () => undefined,
): Pool {
  const names = outcomes.map((outcome, i) => nameOf(outcome) ?? i)
  const counts = new Map<string | number, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  const machines = counts.size
  return {
    outcomes,
    machines,
    weights: Float64Array.from(names, (name) => 1 / (machines * counts.get(name)!)),
  }
}

/**
 * The share of a pool that must be held so that `level` of it is, were one more machine among them that is missed
 * altogether: what conformal prediction asks of n outcomes, the ceil(level (n + 1))-th smallest, with machines for
 * outcomes (pooled distributions of a two-layer hierarchy: Dunn, Wasserman & Ramdas 2022). 1 where there are too few.
 */
export const shareToHold = ({ machines }: Pool, level: number): number =>
  Math.min(1, (level * (machines + 1)) / machines)

/** Sums of weights are told apart no finer. */
const rounding = 1e-9

/** Whether those that `isHeld` says weigh enough for `level`. */
export function isLevelHeld(pool: Pool, level: number, isHeld: (outcome: Outcome) => boolean): boolean {
  const held = pool.outcomes.reduce((sum, outcome, i) => sum + (isHeld(outcome) ? pool.weights[i]! : 0), 0)
  return held >= shareToHold(pool, level) - rounding
}

/** The smallest of the values, one an outcome, such that those up to it weigh enough for `level`. */
export function quantileOf(pool: Pool, level: number, measure: (outcome: Outcome) => number): number {
  const values = pool.outcomes
    .map((outcome, i) => ({ value: measure(outcome), weight: pool.weights[i]! }))
    .sort((a, b) => a.value - b.value)
  const share = shareToHold(pool, level) - rounding
  let held = 0
  for (const { value, weight } of values) {
    held += weight
    if (held >= share) return value
  }
  return values.at(-1)!.value
}
