import type { InfluxClient } from '../client.ts'
import { quoted } from '../influxql.ts'
import { databaseOf, hourlyBucket } from '../place.ts'
import { durationMs, hoursOf } from './duration.ts'
import { type Found, hourlyShardDays, type Places } from './places.ts'

/**
 * 1.x: a bucket is a database with one of its retention policies, the default one where none is named.
 * https://docs.influxdata.com/influxdb/v1/query_language/manage-database/
 */
export function placesOfV1(client: InfluxClient): Places {
  const run = async (statement: string) => {
    await client.query(statement, {}, null)
  }

  async function databaseExists(database: string): Promise<boolean> {
    const [listed] = await client.query('SHOW DATABASES', {}, null)
    return (listed?.[0]?.values ?? []).some(([name]) => name === database)
  }

  async function find(bucket: string): Promise<Found | undefined> {
    const { database, policy } = databaseOf(bucket)
    if (!(await databaseExists(database))) return undefined
    const found = (await policiesOf(client, database)).find(({ name, isDefault }) =>
      policy === undefined ? isDefault : name === policy,
    )
    return found && { retentionMs: found.retentionMs }
  }

  const shardOf = (bucket: string, retentionMs: number) =>
    bucket === hourlyBucket(client.place) ? ` SHARD DURATION ${hourlyShardDays}d` : shardFor(retentionMs)

  const alter = async (bucket: string, retentionMs: number) => {
    const { database, policy } = databaseOf(bucket)
    const name = policy ?? (await policiesOf(client, database)).find((one) => one.isDefault)?.name
    await run(alterStatement(database, name ?? 'autogen', retentionMs))
  }

  return {
    find,
    create: async (bucket, retentionMs) => {
      const { database, policy } = databaseOf(bucket)
      if (!(await databaseExists(database))) await run(`CREATE DATABASE ${quoted(database)}`)
      if (policy !== undefined) await run(createStatement(bucket, retentionMs, shardOf(bucket, retentionMs)))
      else if (retentionMs > 0) await alter(bucket, retentionMs)
    },
    keepFor: (bucket, _found, retentionMs) => alter(bucket, retentionMs),
    byHand: {
      create: (bucket, retentionMs) =>
        databaseOf(bucket).policy === undefined
          ? `CREATE DATABASE ${quoted(bucket)}`
          : createStatement(bucket, retentionMs, shardOf(bucket, retentionMs)),
      keepFor: (bucket, retentionMs) => {
        const { database, policy } = databaseOf(bucket)
        return alterStatement(database, policy ?? 'autogen', retentionMs)
      },
    },
  }
}

const createStatement = (bucket: string, retentionMs: number, shard: string) => {
  const { database, policy } = databaseOf(bucket)
  const duration = retentionMs > 0 ? `${hoursOf(retentionMs)}h` : 'INF'
  return `CREATE RETENTION POLICY ${quoted(policy!)} ON ${quoted(database)} DURATION ${duration} REPLICATION 1${shard}`
}

const alterStatement = (database: string, policy: string, retentionMs: number) =>
  `ALTER RETENTION POLICY ${quoted(policy)} ON ${quoted(database)} DURATION ${hoursOf(retentionMs)}h${shardFor(retentionMs)}`

/** A policy shorter than its shards is refused: 1.x's own defaults for a policy of that length. */
function shardFor(retentionMs: number): string {
  if (retentionMs === 0) return ''
  const hours = hoursOf(retentionMs)
  if (hours < 48) return ' SHARD DURATION 1h'
  return hours <= 180 * 24 ? ' SHARD DURATION 24h' : ' SHARD DURATION 168h'
}

interface Policy {
  readonly name: string
  readonly retentionMs: number
  readonly isDefault: boolean
}

/** `SHOW RETENTION POLICIES` by the names of its columns: 3 has fewer of them. */
export async function policiesOf(client: InfluxClient, database: string): Promise<Policy[]> {
  const [result] = await client.query(`SHOW RETENTION POLICIES ON ${quoted(database)}`, {}, null)
  const { columns = [], values = [] } = result?.[0] ?? {}
  const cell = (row: readonly unknown[], column: string) => row[columns.indexOf(column)]
  return values.map((row) => ({
    name: String(cell(row, 'name')),
    retentionMs: durationMs(cell(row, 'duration')),
    isDefault: cell(row, 'default') === true,
  }))
}
