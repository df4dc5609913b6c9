import type { Catalogue } from '../../../core/catalogue.ts'
import type { WindowWanted } from '../../../core/ports.ts'
import type { ReadingBatch } from '../../../core/reading.ts'
import { series } from '../../../core/series.ts'
import type { Range } from '../hours.ts'
import { batchOf, channelsOf, joinBatches, type StoredRow } from '../store.ts'
import type { InfluxClient, ResultSeries } from './client.ts'
import { quoted, text } from './influxql.ts'
import { storedRow, window } from './reads.ts'
import { inSpans, within } from './spans.ts'

/** Keeps a statement well below what a proxy takes. */
const devicesAStatement = 200

/** The newest `rows` readings of many devices, see `TelemetryStore.windows`. */
export async function windows(
  client: InfluxClient,
  catalogue: Catalogue,
  assetType: string,
  wanted: readonly WindowWanted[],
  rows: number,
): Promise<ReadingBatch> {
  const channels = channelsOf(catalogue, assetType)
  const found: ReadingBatch[] = []
  // LIMIT 0 would mean "all".
  const asked = channels.length > 0 && rows >= 1 ? wanted : []
  for (let from = 0; from < asked.length; from += devicesAStatement) {
    const some = asked.slice(from, from + devicesAStatement)
    found.push(...(await newestOf(client, catalogue, assetType, some, Math.floor(rows))))
  }
  return joinBatches(assetType, channels.length, found)
}

async function newestOf(
  client: InfluxClient,
  catalogue: Catalogue,
  assetType: string,
  wanted: readonly WindowWanted[],
  limit: number,
): Promise<ReadingBatch[]> {
  const found = await newestBefore(client, catalogue, assetType, wanted, limit)
  return Promise.all(
    wanted.map(({ device, until }) => {
      const rows = found.get(device) ?? []
      const newest = rows.filter(({ time }) => time <= until).slice(0, limit)
      // What came after `until` took the place of what is wanted.
      const cut = newest.length < limit && rows.length >= limit
      return cut
        ? window(client, catalogue, assetType, device, until, limit)
        : batchOf(assetType, channelsOf(catalogue, assetType).length, newest.reverse())
    }),
  )
}

/** Up to `limit` rows of each device, the newest first, up to the latest time that is wanted of any. */
async function newestBefore(
  client: InfluxClient,
  catalogue: Catalogue,
  assetType: string,
  wanted: readonly WindowWanted[],
  limit: number,
): Promise<Map<string, StoredRow[]>> {
  const fields = [series.receivedAt, ...channelsOf(catalogue, assetType)].map(quoted).join(', ')
  const devices = wanted.map(({ device }) => `"device" = ${text(device)}`).join(' OR ')
  const read = async (range: Range) => {
    const [found = []] = await client.query(
      `SELECT "site", ${fields} FROM ${quoted(assetType)} WHERE (${devices})${within(range)}
         GROUP BY "device" ORDER BY time DESC LIMIT ${limit}`,
    )
    return found
  }
  const latest = wanted.reduce((most, { until }) => Math.max(most, until), Number.NEGATIVE_INFINITY)
  const range = { from: Number.NEGATIVE_INFINITY, to: Math.floor(latest) + 1 }
  const parts = await inSpans(
    range,
    read,
    (some) => hasAll(rowsByDevice(some), wanted, limit),
    undefined,
    'all',
  )
  return rowsByDevice(parts)
}

const hasAll = (
  found: ReadonlyMap<string, readonly StoredRow[]>,
  wanted: readonly WindowWanted[],
  limit: number,
): boolean =>
  wanted.every(
    ({ device, until }) => (found.get(device) ?? []).filter(({ time }) => time <= until).length >= limit,
  )

function rowsByDevice(parts: readonly (readonly ResultSeries[])[]): Map<string, StoredRow[]> {
  const found = new Map<string, StoredRow[]>()
  for (const { tags, values } of parts.flat()) {
    const device = tags!.device!
    const rows = found.get(device) ?? []
    found.set(device, rows)
    for (const [time, site, receivedAt, ...rest] of values)
      rows.push(storedRow(device, String(site), time, receivedAt, rest))
  }
  return found
}
