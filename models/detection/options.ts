/** How a detector learns and judges; one setting serves every machine of a kind. All counts are readings. */
export interface DetectorOptions {
  /** Healthy readings from the machine's beginning that it learns from. */
  readonly learn: number
  /** Readings whose mean is judged: a longer mean sees smaller shifts, later. */
  readonly smooth: number
  /** Smoothed readings over whose median an alarm is decided; odd. One decides at once. */
  readonly persist: number
  /** Memory of the reference, which follows slow drift while there is no alarm; null: the reference stays as learned. */
  readonly memory: number | null
  /** Standard deviation, as a share of a channel's level, of changes that are no news however steady it was; 0 for none. */
  readonly leastChange: number
  /** The false alarm budget: one in so many readings of a healthy machine. */
  readonly readingsPerFalseAlarm: number
  /** Readings from an alarm's onset whose mean deviation is its signature. */
  readonly signature: number
  /** An alarm ends where less than this share of its signature is left. */
  readonly clearShare: number
}

/** Readings between `cadenceMs` apart, where one false alarm a device in `days` is the budget. */
export const readingsIn = (days: number, cadenceMs: number): number => (days * 86_400_000) / cadenceMs
