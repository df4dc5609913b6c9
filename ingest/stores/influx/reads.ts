import type { Catalogue } from '../../../core/catalogue.ts'
import type { StoredScore, TrendBucket } from '../../../core/ports.ts'
import type { ReadingBatch } from '../../../core/reading.ts'
import { series } from '../../../core/series.ts'
import { batchOf, channelsOf, type StoredRow, scoreFromFields, thin } from '../store.ts'
import type { InfluxClient, ResultSeries } from './client.ts'
import { at, number, quoted } from './influxql.ts'

const count = quoted(series.receivedAt)

/** The first statement's series. */
async function ask(client: InfluxClient, statement: string, params?: Record<string, string>) {
  const [result] = await client.query(statement, params)
  return result ?? []
}

export async function newestTimes(client: InfluxClient, assetType: string): Promise<Map<string, number>> {
  const found = await ask(client, `SELECT last(${count}) FROM ${quoted(assetType)} GROUP BY "device"`)
  return new Map(found.map(({ tags, values }) => [tags!.device!, number(values[0]![0])]))
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
  const [found] = await ask(
    client,
    `SELECT "site", ${count}, ${channels.map(quoted).join(', ')} FROM ${quoted(assetType)}
       WHERE "device" = $device AND time <= ${at(Math.floor(until))} ORDER BY time DESC LIMIT ${Math.floor(rows)}`,
    { device },
  )
  const stored = (found?.values ?? []).map(([time, site, receivedAt, ...values]) =>
    storedRow(device, String(site), time, receivedAt, values),
  )
  return batchOf(assetType, channels.length, stored.reverse())
}

function storedRow(
  device: string,
  site: string,
  time: unknown,
  receivedAt: unknown,
  values: unknown[],
): StoredRow {
  return { device, site, time: number(time), receivedAt: number(receivedAt), values: values.map(number) }
}

export async function trend(
  client: InfluxClient,
  assetType: string,
  device: string,
  channel: string,
  from: number,
  to: number,
  bucketMs: number,
): Promise<TrendBucket[]> {
  const value = quoted(channel)
  const [found] = await ask(
    client,
    `SELECT count(${value}), min(${value}), max(${value}), mean(${value}) FROM ${quoted(assetType)}
       WHERE "device" = $device AND time >= ${at(Math.ceil(from))} AND time < ${at(Math.ceil(to))}
       GROUP BY time(${Math.max(1, Math.round(bucketMs))}ms) fill(none)`,
    { device },
  )
  return (found?.values ?? []).map((row) => {
    const [time, n, min, max, mean] = row.map(number) as [number, number, number, number, number]
    return { time, count: n, min, max, mean }
  })
}

export async function latest(
  client: InfluxClient,
  catalogue: Catalogue,
  assetType: string,
): Promise<ReadingBatch> {
  const channels = channelsOf(catalogue, assetType)
  if (channels.length === 0) return batchOf(assetType, 0, [])
  const found = await ask(
    client,
    `SELECT ${count}, ${channels.map(quoted).join(', ')} FROM ${quoted(assetType)}
       GROUP BY "device", "site" ORDER BY time DESC LIMIT 1`,
  )
  const rows = found.map(({ tags, values }) => {
    const [time, receivedAt, ...rest] = values[0]!
    return storedRow(tags!.device!, tags!.site!, time, receivedAt, rest)
  })
  return batchOf(assetType, channels.length, rows)
}

export async function devices(
  client: InfluxClient,
  assetType: string,
): Promise<{ device: string; site: string }[]> {
  const found = await ask(client, `SELECT last(${count}) FROM ${quoted(assetType)} GROUP BY "device", "site"`)
  return found.map(({ tags }) => ({ device: tags!.device!, site: tags!.site! }))
}

export async function counts(client: InfluxClient, assetType: string): Promise<Map<string, number>> {
  const found = await ask(client, `SELECT count(${count}) FROM ${quoted(assetType)} GROUP BY "device"`)
  return new Map(found.map(({ tags, values }) => [tags!.device!, number(values[0]![1])]))
}

export async function scores(
  client: InfluxClient,
  assetType: string,
  device: string,
  from: number,
  to: number,
  limit: number,
): Promise<StoredScore[]> {
  const [found] = await ask(
    client,
    `SELECT ${series.score.fields.map(quoted).join(', ')}, "site", "model", "role"
       FROM ${quoted(series.score.measurement)} WHERE "device" = $device AND "asset_type" = $assetType
       AND time >= ${at(Math.ceil(from))} AND time < ${at(Math.ceil(to))}`,
    { device, assetType },
  )
  return thin(found ? scoresIn(found, assetType, device) : [], limit)
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
  const [found] = await ask(client, `SELECT count("anomaly") FROM ${quoted(series.score.measurement)}`)
  return found ? number(found.values[0]![1]) : 0
}
