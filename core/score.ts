/** Remaining useful life as quantiles, in the asset type's usage unit; never crossing; the cap means "more than". */
export interface RulQuantiles {
  readonly p05: number
  readonly p10: number
  readonly p50: number
  readonly p90: number
  readonly p95: number
}

export const quantileLevels = [0.05, 0.1, 0.5, 0.9, 0.95] as const

/** Why a device has no score. Silence is not health: this is shown, never green. */
export const notScoredReasons = {
  no_data: 'no reading has come yet',
  silent: 'no reading has come for a while',
  too_little_history: 'not enough readings for a window yet',
  gap: 'readings are missing inside the window',
  stuck_channel: 'a sensor repeats one value',
  unlike_training: 'the machine runs in a regime the model was not trained on',
  no_model: 'no model is installed for this asset type',
} as const

export type NotScoredReason = keyof typeof notScoredReasons

/**
 * `learned`: from machines of the type that failed; `trend`: none was seen yet, so the trend of the health index towards a
 * limit stands in, with wide intervals.
 */
export type ForecastBasis = 'learned' | 'trend'

/** What one window of one device says. Its key is (device, windowEnd, model, role): nothing is scored twice. */
export interface Score {
  readonly device: string
  readonly site: string
  readonly assetType: string
  /** Event time of the window's last slot, ms. */
  readonly windowEnd: number
  /** Hash of the model artifacts that made it. */
  readonly model: string
  readonly role: 'champion' | 'challenger' | 'edge'
  /** Anomaly as a calibrated tail probability, 0 to 1: how rare a healthy machine looks like this (small = rare). */
  readonly anomaly: number
  readonly rul: RulQuantiles
  /** Probability of failure within the asset type's horizon, 0 to 1. */
  readonly failureProbability: number
  /** What remaining life and failure probability rest on. */
  readonly basis: ForecastBasis
  /** Share of each channel in the deviation from healthy, signed by its direction; absolute values sum to 1. */
  readonly contributions: Readonly<Record<string, number>>
  /** Suspected failure mode, `unknown` where none fits. */
  readonly suspectedMode: string
  /** Newest `publishedAt` in the window (NaN where the publisher does not say), for publish-to-ticket latency. */
  readonly publishedAt: number
  readonly evidence: Evidence
}

/** What the score was made from, so that a ticket (which also keeps the window's sha256) replays to the same numbers. */
export interface Evidence {
  /** The aligned window, row by row: `rows` x `channels.length` values. */
  readonly window: Float32Array
  readonly rows: number
  readonly channels: readonly string[]
  /** Event time of each row, ms. */
  readonly times: Float64Array
  readonly backend: string
  readonly simd: boolean
}

/** A device's state for the fleet page: a score, or the reason why there is none. */
export type ScoringState =
  | { readonly state: 'scored'; readonly windowEnd: number }
  | { readonly state: 'not_scored'; readonly reason: NotScoredReason; readonly since: number }
