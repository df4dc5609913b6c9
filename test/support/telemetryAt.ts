import type { Config } from '../../core/config.ts'

type Telemetry = Config['telemetry']

/** `telemetry` of the configuration for a store at `url`, all else as by default. */
export const telemetryAt = (url: string, over: Partial<Telemetry> = {}): Telemetry => ({
  url,
  token: '',
  org: '',
  retentionDays: 0,
  ...over,
})
