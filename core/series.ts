/**
 * Names of what stands in the telemetry store, once. One measurement per asset type, named like it, with tags `site`
 * and `device` and one float field per channel plus `receivedAt`; beside them the measurements below.
 */
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
} as const

/** Words of the stores' own: no channel can be called so. */
export const reservedChannels: readonly string[] = [
  'time',
  series.tags.site,
  series.tags.device,
  series.receivedAt,
]

/** Measurements beside the asset types: no asset type can be called so. */
export const reservedMeasurements: readonly string[] = [series.score.measurement, 'ticket_event', 'pipeline']
