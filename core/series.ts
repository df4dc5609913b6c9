/**
 * Names of what stands in the telemetry store, once. One measurement per asset type, named like it, with tags `site`
 * and `device` and one float field per channel; beside them the measurements below.
 */
export const series = {
  tags: { site: 'site', device: 'device' },
  score: {
    measurement: 'score',
    tags: ['site', 'device', 'asset_type', 'model', 'role'],
    fields: ['anomaly', 'p05', 'p10', 'p50', 'p90', 'p95', 'failure_probability'],
  },
  /** Hourly roll-ups of an asset type: `<channel>_min`, `_max`, `_mean`, `_count`. */
  hourly: (assetType: string) => `${assetType}_1h`,
} as const
