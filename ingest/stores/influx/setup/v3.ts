import type { InfluxClient } from '../client.ts'
import { hoursOf } from './duration.ts'
import type { Places } from './places.ts'
import { policiesOf } from './v1.ts'

/**
 * 3 Core: databases, five at most; `database/policy` is one name, so that InfluxQL finds it as a retention policy.
 * https://docs.influxdata.com/influxdb3/core/admin/databases/create/
 */
export function placesOfV3(client: InfluxClient): Places {
  const path = '/api/v3/configure/database'
  const bodyFor = (db: string, retentionMs: number) => ({
    db,
    ...(retentionMs > 0 && { retention_period: `${hoursOf(retentionMs)}h` }),
  })
  return {
    find: async (bucket) => {
      const rows = (await client.manage('GET', `${path}?format=json`)) as readonly Record<string, unknown>[]
      if (!rows.some((row) => row['iox::database'] === bucket)) return undefined
      const [policy] = await policiesOf(client, bucket)
      return { retentionMs: policy?.retentionMs ?? 0 }
    },
    create: async (bucket, retentionMs) => {
      await client.manage('POST', path, bodyFor(bucket, retentionMs))
    },
    // The documentation calls the period of a database immutable in Core; newer servers take this call all the same.
    keepFor: async (bucket, _found, retentionMs) => {
      await client.manage('PUT', path, bodyFor(bucket, retentionMs))
    },
    byHand: {
      create: (bucket, retentionMs) => `influxdb3 create database${periodFor(retentionMs)} ${bucket}`,
      keepFor: (_bucket, retentionMs) =>
        `influxdb3 create database${periodFor(retentionMs)} NAME and set telemetry.url to it: Core gives a database its retention period when it is made`,
    },
  }
}

const periodFor = (retentionMs: number) =>
  retentionMs > 0 ? ` --retention-period ${hoursOf(retentionMs)}h` : ''
