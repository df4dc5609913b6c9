import type { TrendRecord } from './ports.ts'

/**
 * Names of what stands in the telemetry store, once. One measurement per asset type, named like it, with tags `site`
 * and `device` and one float field per channel plus `receivedAt`; beside them the measurements below. What the
 * dashboards ask for is tested against this file.
 */
export interface Measurement {
  readonly measurement: string
  readonly tags: readonly string[]
  readonly fields: readonly string[]
}

const machine = ['site', 'device', 'asset_type'] as const

/** An hour, ms: what roll-ups cover. */
export const hourMs = 3_600_000

export const series = {
  tags: { site: 'site', device: 'device' },
  /** Float field of every reading, ms: always there, so that counting it counts readings. */
  receivedAt: 'received_at',
  score: {
    measurement: 'score',
    tags: ['site', 'device', 'asset_type', 'model', 'role'],
    fields: ['anomaly', 'p05', 'p10', 'p50', 'p90', 'p95', 'failure_probability'],
  },
  /**
   * Hourly roll-ups of an asset type: `<channel>_min`, `_max`, `_mean`, `_count`, tags as the readings'; time is the
   * start of the hour. `received_at_count` counts readings.
   */
  hourly: (assetType: string) => `${assetType}_1h`,
  /** Retention policy they lie in, so that they outlive the readings: `FROM "<database>"."hourly"."<type>_1h"`. */
  hourlyPolicy: 'hourly',
  /** Signed share of each channel in a score's deviation from healthy, at the window's end. */
  contribution: { measurement: 'contribution', tags: [...machine, 'channel'], fields: ['share'] },
  /** 1 scored, 0 not scored, with the reason and, where scored, the suspected failure mode. */
  deviceState: { measurement: 'device_state', tags: machine, fields: ['scored', 'reason', 'mode'] },
  /** Tickets opened and changed (`kind`, as in their history), by wall clock; `ticket` is the number. */
  ticketEvent: {
    measurement: 'ticket_event',
    tags: [...machine, 'mode', 'kind'],
    fields: ['ticket', 'text'],
  },
  lifeEvent: { measurement: 'life_event', tags: [...machine, 'kind'], fields: ['detail'] },
  /** One process of the installation at one look, by wall clock; counts since its start. */
  pipeline: {
    measurement: 'pipeline',
    tags: ['worker'],
    fields: [
      'acknowledged',
      'stored',
      'duplicates',
      'dead_lettered',
      'in_log',
      'lost',
      'log_bytes',
      'log_max_bytes',
      'log_oldest_age_ms',
      'ack_latency_p50_ms',
      'ack_latency_p99_ms',
      'messages_per_second',
      'mqtt_clients',
      'queue_waiting',
      'queue_active',
      'queue_delayed',
      'queue_failed',
      'scoring_lag_ms',
      'windows_scored',
      'devices_scored',
      'devices_not_scored',
      'tickets_open',
    ],
  },
  /** Dead letters by reason: the total so far. */
  deadLetter: { measurement: 'dead_letter', tags: ['worker', 'reason'], fields: ['count'] },
  /** The model in force at one look, by wall clock; coverage is of past 90 % intervals whose failure has come. */
  model: {
    measurement: 'model',
    tags: ['asset_type'],
    fields: [
      'version',
      'windows',
      'coverage',
      'coverage_windows',
      'interval_width',
      'failures',
      'devices_shifted',
    ],
  },
  /** Stability index of what is scored against what trained, by channel; `anomaly` is one. */
  drift: { measurement: 'drift', tags: ['asset_type', 'channel'], fields: ['stability_index'] },
  /** Devices furthest from training, in its standard deviations (`distance` without sign), with the channel that is. */
  deviceShift: { measurement: 'device_shift', tags: machine, fields: ['channel', 'shift', 'distance'] },
  /** Verdicts on tickets by suspected failure mode. */
  alarmPrecision: {
    measurement: 'alarm_precision',
    tags: ['asset_type', 'mode'],
    fields: ['precision', 'confirmed', 'refuted'],
  },
  /** What the catalogue says of a channel, told anew for every hour; `suffix` is its unit as Grafana takes it. */
  channel: {
    measurement: 'channel',
    tags: ['asset_type', 'channel'],
    fields: ['label', 'unit', 'suffix', 'normal_low', 'normal_high'],
  },
  /** What the catalogue says of an asset type, told likewise; life is counted in `usage_unit`. */
  assetType: {
    measurement: 'asset_type',
    tags: ['asset_type'],
    fields: ['label', 'usage_unit', 'suffix', 'horizon', 'rul_cap'],
  },
} as const

/** Everything that stands beside the asset types' own measurements. */
export const measurements: readonly Measurement[] = [
  series.score,
  series.contribution,
  series.deviceState,
  series.ticketEvent,
  series.lifeEvent,
  series.pipeline,
  series.deadLetter,
  series.model,
  series.drift,
  series.deviceShift,
  series.alarmPrecision,
  series.channel,
  series.assetType,
]

/** A record whose names are this measurement's: a tag that is missing or a field that it has not does not compile. */
export const recordOf = <M extends Measurement>(
  { measurement }: M,
  tags: Readonly<Record<M['tags'][number], string>>,
  fields: Readonly<Partial<Record<M['fields'][number], number | string>>>,
  time: number,
): TrendRecord => ({ measurement, tags, fields: fields as TrendRecord['fields'], time })

/** Words of the stores' own: no channel can be called so. */
export const reservedChannels: readonly string[] = [
  'time',
  series.tags.site,
  series.tags.device,
  series.receivedAt,
]

/** Measurements beside the asset types: no asset type can be called so. */
export const reservedMeasurements: readonly string[] = measurements.map((one) => one.measurement)
