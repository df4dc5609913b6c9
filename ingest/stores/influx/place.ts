import { ForewarnError } from '../../../core/errors.ts'
import { series } from '../../../core/series.ts'
import type { TelemetryConfig } from '../store.ts'

/** Where an InfluxDB is and what is ours in it. */
export interface InfluxPlace {
  readonly url: string
  /** The path of the URL: `database` or `database/retention policy`; in 2.x a bucket, in 3 a database is named so. */
  readonly bucket: string
  /** Empty: the only organisation there is. */
  readonly org: string
  readonly token: string
  /** Header of HTTP Basic from the URL's user; 1.x before 1.8 takes no `Token user:password`. */
  readonly basic: string | undefined
}

/** Takes `influx://[user:password@]host[:8086][/database[/policy]]` apart. Throws CONFIG_INVALID. */
export function parsePlace({ url: text, token, org }: TelemetryConfig): InfluxPlace {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url?.hostname) {
    throw new ForewarnError('CONFIG_INVALID', {
      path: 'telemetry.url',
      problem: 'expected influx://[user:password@]host:8086/database',
      source: 'forewarn.yaml',
    })
  }
  const scheme = url.protocol === 'influxs:' ? 'https' : 'http'
  const user = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
  return {
    url: `${scheme}://${url.hostname}:${url.port || 8086}`,
    bucket: decodeURIComponent(url.pathname.slice(1)) || 'forewarn',
    org,
    token,
    basic: user === ':' ? undefined : `Basic ${Buffer.from(user).toString('base64')}`,
  }
}

/**
 * A bucket's name as database and retention policy, as 2.x and 3 map it for InfluxQL; without a policy the default one.
 * https://docs.influxdata.com/influxdb/v2/api-guide/influxdb-1x/dbrp/
 */
export function databaseOf(bucket: string): { database: string; policy: string | undefined } {
  const slash = bucket.indexOf('/')
  return slash < 0
    ? { database: bucket, policy: undefined }
    : { database: bucket.slice(0, slash), policy: bucket.slice(slash + 1) }
}

/** Where the hourly roll-ups lie, beside the readings. */
export const hourlyBucket = ({ bucket }: InfluxPlace): string =>
  `${databaseOf(bucket).database}/${series.hourlyPolicy}`
