/** Straight line through a health index over usage. */
export interface HealthTrend {
  /** Where the line is at the newest point. */
  readonly level: number
  /** Rise per usage unit. */
  readonly slope: number
  /** Standard error of the slope. */
  readonly slopeError: number
  /** Points beyond the two that a line needs. */
  readonly freedom: number
}

/** With fewer points the scatter around a line cannot be told. */
export const fewestPoints = 3

/** Least squares; `usage` ascends to the newest point, both of one length of at least `fewestPoints`. */
export function fitTrend(usage: readonly number[], index: readonly number[]): HealthTrend {
  const n = usage.length
  const [meanUsage, meanIndex] = [mean(usage), mean(index)]
  let [spread, cross] = [0, 0]
  for (let i = 0; i < n; i++) {
    spread += (usage[i]! - meanUsage) ** 2
    cross += (usage[i]! - meanUsage) * (index[i]! - meanIndex)
  }
  const slope = cross / spread
  let left = 0
  for (let i = 0; i < n; i++) left += (index[i]! - meanIndex - slope * (usage[i]! - meanUsage)) ** 2
  return {
    level: meanIndex + slope * (usage[n - 1]! - meanUsage),
    slope,
    slopeError: Math.sqrt(left / (n - 2) / spread),
    freedom: n - 2,
  }
}

const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length
