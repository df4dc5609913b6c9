import type { InfluxClient } from './client.ts'
import type { Flavour } from './flavour.ts'
import { quoted, text } from './influxql.ts'
import type { Point } from './lines.ts'
import { deviceOf, type TypePlan } from './plan.ts'

/** Removes the reading of one device at one time. */
type Remove = (client: InfluxClient, assetType: string, device: string, time: number) => Promise<unknown>

/** 3 Core deletes no rows: there a replaced reading keeps the values that the later one leaves out. */
const removers: Readonly<Record<Flavour, Remove | undefined>> = {
  v1: (client, assetType, device, time) =>
    client.query(
      `DELETE FROM ${quoted(assetType)} WHERE "device" = ${text(device)} AND time >= ${time}ms AND time <= ${time}ms`,
    ),
  // InfluxQL's DELETE knows the default policy of a database only; the bucket may be another.
  v2: (client, assetType, device, time) => {
    const { org, place } = client
    const start = new Date(time).toISOString()
    return client.manage('POST', `/api/v2/delete?${new URLSearchParams({ org, bucket: place.bucket })}`, {
      start,
      stop: start.replace('Z', '001Z'),
      predicate: `_measurement="${assetType}" AND device="${device}"`,
    })
  },
  v3: undefined,
}

/** Removes stored readings that have a value where the one that replaces them has none; rare. */
export async function clearReplaced(
  client: InfluxClient,
  channels: readonly string[],
  { type, known, existing }: TypePlan,
): Promise<void> {
  const remove = removers[(await client.server()).flavour]
  if (!remove) return
  for (const point of known) {
    const present = existing.get(deviceOf(point))!.get(point.time)!
    if (leavesOut(point, channels, present)) await remove(client, type.name, deviceOf(point), point.time)
  }
}

const leavesOut = ({ batch, row }: Point, channels: readonly string[], present: ReadonlySet<string>) =>
  channels.some((name, c) => present.has(name) && !Number.isFinite(batch.channels[c]?.[row]))
