import { databaseOf } from './place.ts'

/** The three kinds of InfluxDB that are spoken to. */
export type Flavour = 'v1' | 'v2' | 'v3'

export interface Server {
  readonly flavour: Flavour
  readonly version: string
}

type Headers = Readonly<Record<string, string | string[] | undefined>>

/**
 * What answered `/ping`: build `OSS` with version `1.x` or `v2.x`, build `Core` or `Enterprise` with `3.x`. Undefined for
 * anything else, InfluxDB Cloud included.
 * https://docs.influxdata.com/influxdb/v1/troubleshooting/frequently-asked-questions/, https://docs.influxdata.com/influxdb/v2/api/ping/
 */
export function serverOf(headers: Headers): Server | undefined {
  const version = String(headers['x-influxdb-version'] ?? '').replace(/^v/, '')
  const flavour = flavours.get(version.split('.')[0]!)
  return flavour && { flavour, version }
}

const flavours: ReadonlyMap<string, Flavour> = new Map([
  ['1', 'v1'],
  ['2', 'v2'],
  ['3', 'v3'],
])

/** Where lines go. 1.x before 1.8 has no /api/v2/write; all of 1.x has /write. Times in ms. */
export function writePath(flavour: Flavour, bucket: string, org: string): string {
  if (flavour !== 'v1') {
    const query = new URLSearchParams({ bucket, precision: 'ms', ...(org && { org }) })
    return `/api/v2/write?${query}`
  }
  const { database, policy } = databaseOf(bucket)
  return `/write?${new URLSearchParams({ db: database, ...(policy && { rp: policy }), precision: 'ms' })}`
}

/** Where InfluxQL goes. 3 knows no policy beside the database: `database/policy` is one name there. Times in ms. */
export function queryPath(flavour: Flavour, bucket: string | undefined): string {
  const query = new URLSearchParams({ epoch: 'ms' })
  if (bucket !== undefined) {
    const { database, policy } = databaseOf(bucket)
    query.set('db', flavour === 'v3' ? bucket : database)
    if (policy !== undefined && flavour !== 'v3') query.set('rp', policy)
  }
  return `/query?${query}`
}
