import type { Catalogue } from '../../../core/catalogue.ts'
import type { StoredScore } from '../../../core/ports.ts'
import type { ReadingBatch } from '../../../core/reading.ts'
import { series } from '../../../core/series.ts'
import type { Range } from '../hours.ts'
import { batchOf, channelsOf, type StoredRow, scoreFromFields, thin } from '../store.ts'
import type { InfluxClient, ResultSeries } from './client.ts'
import { number, quoted } from './influxql.ts'
import { always, inSpans, type Reach, within } from './spans.ts'

const count = quoted(series.receivedAt)

/** The first statement's series. */
async function ask(client: InfluxClient, statement: string, params?: Record<string, string>) {
  const [result] = await client.query(statement, params)
  return result ?? []
}

/** A statement without another condition than the range's. */
const where = (range: Range): string => within(range).replace(' AND', ' WHERE')

/** Rows by tags, over all time; where that was read in spans, the newest first. */
async function overAll(
  client: InfluxClient,
  statement: (where: string) => string,
  reach: Reach = 'near',
): Promise<ResultSeries[]> {
  const read = (range: Range) => ask(client, statement(where(range)))
  const parts = await inSpans(always, read, undefined, undefined, reach)
  return parts.flat()
}

/** The first entry a key, which is the newest. */
function firstOfEach<T>(entries: Iterable<readonly [string, T]>): Map<string, T> {
  const found = new Map<string, T>()
  for (const [key, value] of entries) if (!found.has(key)) found.set(key, value)
  return found
}

function sumOfEach(entries: Iterable<readonly [string, number]>): Map<string, number> {
  const sums = new Map<string, number>()
  for (const [key, value] of entries) sums.set(key, (sums.get(key) ?? 0) + value)
  return sums
}

export async function newestTimes(client: InfluxClient, assetType: string): Promise<Map<string, number>> {
  const found = await overAll(
    client,
    (when) => `SELECT last(${count}) FROM ${quoted(assetType)}${when} GROUP BY "device"`,
  )
  return firstOfEach(found.map(({ tags, values }) => [tags!.device!, number(values[0]![0])]))
}

export async function window(
  client: InfluxClient,
  catalogue: Catalogue,
  assetType: string,
  device: string,
  until: number,
  rows: number,
): Promise<ReadingBatch> {
  const channels = channelsOf(catalogue, assetType)
  // LIMIT 0 would mean "all".
  if (channels.length === 0 || !(rows >= 1)) return batchOf(assetType, channels.length, [])
  const limit = Math.floor(rows)
  const read = async (range: Range) => {
    const [found] = await ask(
      client,
      `SELECT "site", ${count}, ${channels.map(quoted).join(', ')} FROM ${quoted(assetType)}
         WHERE "device" = $device${within(range)} ORDER BY time DESC LIMIT ${limit}`,
      { device },
    )
    return found?.values ?? []
  }
  const range = { from: Number.NEGATIVE_INFINITY, to: Math.floor(until) + 1 }
  const parts = await inSpans(range, read, (some) => some.flat().length >= limit, undefined, 'all')
  const stored = parts
    .flat()
    .slice(0, limit)
    .map(([time, site, receivedAt, ...values]) => storedRow(device, String(site), time, receivedAt, values))
  return batchOf(assetType, channels.length, stored.reverse())
}

/** A row of a query that asks for site, receivedAt and the channels. */
export function storedRow(
  device: string,
  site: string,
  time: unknown,
  receivedAt: unknown,
  values: unknown[],
): StoredRow {
  return { device, site, time: number(time), receivedAt: number(receivedAt), values: values.map(number) }
}

export async function latest(
  client: InfluxClient,
  catalogue: Catalogue,
  assetType: string,
): Promise<ReadingBatch> {
  const channels = channelsOf(catalogue, assetType)
  if (channels.length === 0) return batchOf(assetType, 0, [])
  const found = await overAll(
    client,
    (when) => `SELECT ${count}, ${channels.map(quoted).join(', ')} FROM ${quoted(assetType)}${when}
       GROUP BY "device", "site" ORDER BY time DESC LIMIT 1`,
  )
  const rows = firstOfEach(
    found.map(({ tags, values }) => {
      const [time, receivedAt, ...rest] = values[0]!
      const { device, site } = tags as { device: string; site: string }
      return [`${device}\n${site}`, storedRow(device, site, time, receivedAt, rest)] as const
    }),
  )
  return batchOf(assetType, channels.length, [...rows.values()])
}

export async function devices(
  client: InfluxClient,
  assetType: string,
): Promise<{ device: string; site: string }[]> {
  const found = await overAll(
    client,
    (when) => `SELECT last(${count}) FROM ${quoted(assetType)}${when} GROUP BY "device", "site"`,
  )
  const each = found.map(({ tags }) => ({ device: tags!.device!, site: tags!.site! }))
  return [...firstOfEach(each.map((one) => [`${one.device}\n${one.site}`, one] as const)).values()]
}

export async function counts(client: InfluxClient, assetType: string): Promise<Map<string, number>> {
  const found = await overAll(
    client,
    (when) => `SELECT count(${count}) FROM ${quoted(assetType)}${when} GROUP BY "device"`,
    'all',
  )
  return sumOfEach(found.map(({ tags, values }) => [tags!.device!, number(values[0]![1])]))
}

export async function scores(
  client: InfluxClient,
  assetType: string,
  device: string,
  from: number,
  to: number,
  limit: number,
  role?: StoredScore['role'],
): Promise<StoredScore[]> {
  const ofRole = role === undefined ? '' : ' AND "role" = $role'
  const read = async (range: Range) => {
    const [found] = await ask(
      client,
      `SELECT ${series.score.fields.map(quoted).join(', ')}, "site", "model", "role"
         FROM ${quoted(series.score.measurement)} WHERE "device" = $device AND "asset_type" = $assetType${ofRole}${within(range)}`,
      { device, assetType, ...(role && { role }) },
    )
    return found ? scoresIn(found, assetType, device) : []
  }
  const parts = await inSpans({ from, to }, read, undefined, undefined, 'all')
  return thin(parts.reverse().flat(), limit)
}

function scoresIn({ values }: ResultSeries, assetType: string, device: string): StoredScore[] {
  const fields = series.score.fields.length
  return values.map((row) => {
    const [windowEnd, ...numbers] = row.slice(0, 1 + fields).map(number) as [number, ...number[]]
    const [site, model, role] = row.slice(1 + fields) as [string, string, StoredScore['role']]
    return scoreFromFields({ device, site, assetType, windowEnd, model, role }, numbers)
  })
}

export async function scoreCount(client: InfluxClient): Promise<number> {
  const found = await overAll(
    client,
    (when) => `SELECT count("anomaly") FROM ${quoted(series.score.measurement)}${when}`,
    'all',
  )
  return found.reduce((sum, { values }) => sum + number(values[0]![1]), 0)
}
