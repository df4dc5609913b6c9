import type { DuckDBConnection } from '@duckdb/node-api'
import type { Catalogue } from '../../../core/catalogue.ts'
import type { TrendBucket } from '../../../core/ports.ts'
import { hourMs } from '../../../core/series.ts'
import { mergeBuckets } from '../buckets.ts'
import { hourOf, type Range, splitTrend } from '../hours.ts'
import { channelsOf } from '../store.ts'
import type { Hourly } from './hourly.ts'
import type { SeriesTable } from './seriesTable.ts'
import { quoted, rowsOf, whole } from './sql.ts'
import type { Tables } from './tables.ts'

export interface TrendQuery {
  readonly assetType: string
  readonly device: string
  readonly channel: string
  readonly from: number
  readonly to: number
  readonly bucketMs: number
}

/** What is read for one trend. */
interface Source {
  readonly connection: DuckDBConnection
  readonly readings: SeriesTable
  readonly hourly: Hourly
  readonly series: number
  readonly channel: string
  readonly bucketMs: number
}

type BucketRow = [time: number, count: number, min: number, max: number, mean: number]

/** Buckets of whole hours come from the roll-ups, as far as these go; all else from the readings. */
export async function trend(
  connection: DuckDBConnection,
  tables: Tables,
  catalogue: Catalogue,
  { assetType, device, channel, from, to, bucketMs }: TrendQuery,
): Promise<TrendBucket[]> {
  const readings = tables.readings.get(assetType)
  const series = tables.devices.find(assetType, device)
  const newest = series === undefined ? undefined : readings?.lastTime(series)
  if (!readings || series === undefined || newest === undefined) return []
  if (!channelsOf(catalogue, assetType).includes(channel)) return []
  const source = {
    connection,
    readings,
    hourly: tables.hourly.get(assetType)!,
    series,
    channel,
    bucketMs: Number(whole(bucketMs)),
  }
  return inSnapshot(connection, () => read(source, { from, to }, hourOf(newest)))
}

/** Everything that `work` reads is of one moment: a row in both tables or in neither. */
async function inSnapshot<T>(connection: DuckDBConnection, work: () => Promise<T>): Promise<T> {
  await connection.run('BEGIN TRANSACTION READ ONLY')
  const result = await work()
  await connection.run('COMMIT')
  return result
}

async function read(source: Source, range: Range, rolledUntil: number): Promise<TrendBucket[]> {
  const { connection, hourly, series, bucketMs } = source
  const missing = await rowsOf<[number]>(
    connection,
    `SELECT time::DOUBLE FROM ${hourly.missingTable} WHERE series = ${series} AND ${within(range)}`,
  )
  const parts = splitTrend(
    range,
    bucketMs,
    rolledUntil,
    missing.map(([hour]) => ({ from: hour, to: hour + hourMs })),
  )
  const rows: BucketRow[] = []
  if (parts.hourly.length > 0) rows.push(...(await hourlyRows(source, parts.hourly)))
  if (parts.raw.length > 0) rows.push(...(await rawRows(source, parts.raw)))
  const buckets = rows.map(([time, count, min, max, mean]) => ({ time, count, min, max, mean }))
  return mergeBuckets(buckets, bucketMs)
}

function hourlyRows({ connection, hourly, series, channel }: Source, ranges: readonly Range[]) {
  const [count, min, max, mean] = ['count', 'min', 'max', 'mean'].map((name) => quoted(`${channel}_${name}`))
  return rowsOf<BucketRow>(
    connection,
    `SELECT time::DOUBLE, ${count}, ${min}, ${max}, ${mean} FROM ${hourly.table}
       WHERE series = ${series} AND ${count} > 0 AND (${ranges.map(within).join(' OR ')})`,
  )
}

/** A statement a range: DuckDB passes over what lies outside by the row groups' bounds, which it does not for an OR. */
function rawRows({ connection, readings, series, channel, bucketMs }: Source, ranges: readonly Range[]) {
  const value = quoted(channel)
  const statements = ranges.map(
    (range) =>
      `SELECT floor(time / ${bucketMs}) * ${bucketMs} AS bucket, count(*)::DOUBLE, min(${value}), max(${value}), favg(${value})
         FROM ${readings.table} WHERE series = ${series} AND ${value} IS NOT NULL AND ${within(range)} GROUP BY bucket`,
  )
  return rowsOf<BucketRow>(connection, statements.join(' UNION ALL '))
}

const within = ({ from, to }: Range): string =>
  `(time >= ${whole(Math.ceil(from))} AND time < ${whole(Math.ceil(to))})`
