import { ForewarnError } from '../../../../core/errors.ts'
import { misconfigured } from '../answers.ts'
import type { InfluxClient } from '../client.ts'
import { hourlyBucket } from '../place.ts'
import { hoursOf } from './duration.ts'
import { type Found, hourlyShardDays, type Places } from './places.ts'

interface Bucket {
  readonly id: string
  readonly name: string
  readonly retentionRules?: readonly { readonly everySeconds?: number }[]
}

interface Org {
  readonly id: string
  readonly name: string
}

/** 2.x: buckets. https://docs.influxdata.com/influxdb/v2/api/buckets/ */
export function placesOfV2(client: InfluxClient): Places {
  const rulesFor = (bucket: string, retentionMs: number) => [
    {
      type: 'expire',
      everySeconds: retentionMs / 1000,
      ...(bucket === hourlyBucket(client.place) && { shardGroupDurationSeconds: hourlyShardDays * 86_400 }),
    },
  ]

  async function find(bucket: string): Promise<Found | undefined> {
    // A token for one bucket may not list organisations: its name is enough where it is configured.
    const query = new URLSearchParams({ name: bucket, org: client.org || (await orgOf(client)).name })
    const found = (await client.manage('GET', `/api/v2/buckets?${query}`).catch(ignoreMissing)) as
      | { buckets?: readonly Bucket[] }
      | undefined
    const one = found?.buckets?.find(({ name }) => name === bucket)
    return one && { id: one.id, retentionMs: (one.retentionRules?.[0]?.everySeconds ?? 0) * 1000 }
  }

  return {
    find,
    create: async (bucket, retentionMs) => {
      const { id: orgID } = await orgOf(client)
      const retentionRules = rulesFor(bucket, retentionMs)
      await client.manage('POST', '/api/v2/buckets', { orgID, name: bucket, retentionRules })
    },
    keepFor: async (bucket, { id }, retentionMs) => {
      await client.manage('PATCH', `/api/v2/buckets/${id}`, { retentionRules: rulesFor(bucket, retentionMs) })
    },
    byHand: {
      create: (bucket, retentionMs) =>
        `influx bucket create --name ${bucket} --retention ${hoursFor(retentionMs)}`,
      keepFor: (bucket, retentionMs) =>
        `influx bucket update --id $(influx bucket list --name ${bucket} --hide-headers | cut -f1) --retention ${hoursFor(retentionMs)}`,
    },
  }
}

const hoursFor = (retentionMs: number) => (retentionMs > 0 ? `${hoursOf(retentionMs)}h` : '0')

/** The organisation by its name, or the only one that the token sees. Throws STORE_MISCONFIGURED. */
async function orgOf(client: InfluxClient): Promise<Org> {
  const query = client.org ? `?${new URLSearchParams({ org: client.org })}` : ''
  const answer = (await client.manage('GET', `/api/v2/orgs${query}`)) as { orgs?: readonly Org[] } | undefined
  const orgs = answer?.orgs ?? []
  if (orgs.length !== 1) {
    throw misconfigured(
      client.org
        ? `there is no organisation ${client.org}; correct telemetry.org`
        : `the token sees ${orgs.length} organisations; name one in telemetry.org`,
    )
  }
  client.org = orgs[0]!.name
  return orgs[0]!
}

/** A bucket that is not there is an empty list or a 404, depending on the version. */
function ignoreMissing(error: unknown): undefined {
  if (error instanceof ForewarnError && /^404 /.test(String(error.details.problem))) return undefined
  throw error
}
