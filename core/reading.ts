/** One accepted message of a device: its channel values at one event time. */
export interface Reading {
  readonly device: string
  readonly site: string
  readonly assetType: string
  /** Event time of the device, ms since the epoch. With `device` the identity of the reading. */
  readonly time: number
  /** When the broker had it, ms since the epoch. */
  readonly receivedAt: number
  /** Wall clock at the publisher, where it says so; NaN otherwise. For latency only. */
  readonly publishedAt: number
  /** Message counter of the device; NaN where it sends none. Only measures gaps. */
  readonly seq: number
  /** One value a channel, in the order of the catalogue; NaN where the reading has none. */
  readonly values: Float64Array
}

/** Place in the reading log: the running key of a block. The first block is 1; 0 means "nothing read yet". */
export type LogPosition = number

/**
 * Readings of one asset type side by side, the form in which they travel from the log to the stores and the scorer.
 * All arrays have `length` entries; `channels[c][i]` is channel c of reading i, NaN where it has none.
 */
export interface ReadingBatch {
  readonly assetType: string
  readonly length: number
  readonly device: readonly string[]
  readonly site: readonly string[]
  readonly time: Float64Array
  readonly receivedAt: Float64Array
  readonly publishedAt: Float64Array
  readonly seq: Float64Array
  readonly channels: readonly Float64Array[]
}

/** Why an input was not accepted. A reading's reason unless said otherwise. */
export const deadLetterReasons = {
  not_json: 'the payload is not JSON',
  wrong_shape: 'the payload is JSON, but not a reading or an array of readings',
  empty_payload: 'the payload is empty',
  too_large: 'the packet is larger than mqtt.maxPayloadBytes',
  bad_topic: 'the topic is not forewarn/<site>/<asset type>/<device>/telemetry',
  unknown_asset_type: 'no catalogue file describes this asset type',
  wrong_place: 'the device is registered with another site or asset type',
  unknown_channel: 'the catalogue has no such channel (that value alone was left out)',
  not_a_number: 'the value is not a finite number (that value alone was left out)',
  implausible: "the value is outside the channel's plausible range (that value alone was left out)",
  no_values: 'no usable value was left',
  bad_time: 'time is missing or unreadable',
  too_old: 'time is further back than ingest.maxPastDays',
  too_far_ahead: 'time is further ahead than ingest.maxFutureMs',
  unmapped: 'no rule of the mapping file takes this topic',
  bad_mapping: 'a rule of the mapping file takes the topic, but the payload does not fit it',
  bad_sparkplug:
    'not a Sparkplug B message that can be understood (unknown alias, no birth, damaged payload)',
  store_refused: 'the telemetry store refused it',
  store_type_conflict: 'the telemetry store has this field with another type (that value alone was left out)',
  store_beyond_retention: 'the telemetry store no longer keeps readings of that time',
  store_unparsable: 'the telemetry store could not read it',
  store_too_large: 'the telemetry store takes no request of that size, not even for this reading alone',
} as const

export type DeadLetterReason = keyof typeof deadLetterReasons

/** Input that could not become a reading, with its original bytes. */
export interface DeadLetter {
  readonly id: string
  readonly at: number
  readonly reason: DeadLetterReason
  readonly detail: string
  readonly topic: string
  readonly payload: Uint8Array
  /** Readings in it that were not accepted; 0 where only single values were left out. */
  readonly readings: number
}
