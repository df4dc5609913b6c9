/** When a ticket would open: `k` of the last `n` scored windows with P(failure within the horizon) >= `raiseAt`. */
export interface AlarmRule {
  readonly raiseAt: number
  readonly k: number
  readonly n: number
}

/** One whole life as the policy would see it, oldest window first. */
export interface JudgedLife {
  readonly id: string
  readonly failureProbability: readonly number[]
  /** Remaining useful life at each window, not capped, usage units; null for a life that did not fail. */
  readonly rul: readonly number[] | null
}

/** Index of the window that opens the first ticket; -1 where none does. */
export function firstAlarm(probabilities: readonly number[], { raiseAt, k, n }: AlarmRule): number {
  return probabilities.findIndex((_, i) => {
    const recent = probabilities.slice(Math.max(0, i - n + 1), i + 1)
    return recent.filter((p) => p >= raiseAt).length >= k
  })
}

export interface AlarmQuality {
  readonly failures: number
  /** First ticket within `accepted` of the failure. */
  readonly found: number
  /** First ticket earlier than that. */
  readonly falseAlarms: number
  /** No ticket, or one too late. */
  readonly missed: number
  /** Lives without a failure on which a ticket opened. */
  readonly falseOnHealthy: number
  /** Remaining useful life at the first ticket of each failed life that had one, ascending. */
  readonly leads: readonly number[]
  readonly leadP10: number
  readonly leadMedian: number
}

/** Judges first tickets: `accepted` is the [latest, earliest] remaining life at which one counts as found. */
export function alarmQuality(
  lives: readonly JudgedLife[],
  rule: AlarmRule,
  accepted: readonly [number, number],
): AlarmQuality {
  const failed = lives.filter((life) => life.rul !== null)
  const leads = failed
    .map((life) => life.rul![firstAlarm(life.failureProbability, rule)])
    .filter((lead) => lead !== undefined)
    .sort((a, b) => a - b)
  const found = leads.filter((lead) => lead >= accepted[0] && lead <= accepted[1]).length
  const healthy = lives.filter((life) => life.rul === null)
  return {
    failures: failed.length,
    found,
    falseAlarms: leads.filter((lead) => lead > accepted[1]).length,
    missed: failed.length - found,
    falseOnHealthy: healthy.filter((life) => firstAlarm(life.failureProbability, rule) >= 0).length,
    leads,
    leadP10: percentile(leads, 0.1),
    leadMedian: percentile(leads, 0.5),
  }
}

/** Linear between the neighbouring ranks; NaN of nothing. */
export function percentile(ascending: readonly number[], share: number): number {
  if (ascending.length === 0) return Number.NaN
  const place = share * (ascending.length - 1)
  const low = ascending[Math.floor(place)]!
  return low + (place - Math.floor(place)) * (ascending[Math.ceil(place)]! - low)
}
