/** Thresholds that are tried, the most sensitive first, beside the present one. */
const tried = [...Array.from({ length: 19 }, (_, i) => (i + 1) / 20), 0.975, 0.99]

/** The thresholds of a preview in rising order. */
export const gridWith = (present: number): number[] => [...new Set([...tried, present])].sort((a, b) => a - b)

/** A threshold of the grid and how many tickets a week it would have opened. */
export interface Tried {
  readonly raiseAt: number
  readonly perWeek: number
}

/**
 * The most sensitive threshold within the budget, where every less sensitive one is within it, too: at very low
 * thresholds alarms stand for ever, which raises few tickets, but says nothing. Undefined where even the least sensitive
 * one raises more. `rows` in rising order of the threshold.
 */
export function chooseThreshold<T extends Tried>(rows: readonly T[], budget: number): T | undefined {
  let chosen: T | undefined
  for (const row of rows.toReversed()) {
    if (row.perWeek > budget) break
    chosen = row
  }
  return chosen
}
