import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api'
import type { Catalogue } from '../../../core/catalogue.ts'
import type { WindowWanted } from '../../../core/ports.ts'
import type { ReadingBatch } from '../../../core/reading.ts'
import { channelsOf, joinColumns } from '../store.ts'
import type { SeriesTable } from './seriesTable.ts'
import { quoted, whole } from './sql.ts'
import type { Tables } from './tables.ts'

/** The newest rows of a series up to `until`. */
interface Place {
  readonly series: number
  readonly until: number
}

/** Result columns side by side, all the same length: series, time, received_at, channels. */
type Columns = readonly Float64Array[]

/** The newest `count` readings of many devices in one query, see `TelemetryStore.windows`. */
export async function windows(
  connection: DuckDBConnection,
  tables: Tables,
  catalogue: Catalogue,
  assetType: string,
  wanted: readonly WindowWanted[],
  count: number,
): Promise<ReadingBatch> {
  const channels = channelsOf(catalogue, assetType)
  const table = tables.readings.get(assetType)
  const places = table && count >= 1 ? placesOf(tables, table, assetType, wanted) : []
  if (!table || places.length === 0) return batchOf(tables, assetType, emptyColumns(3 + channels.length))
  const newest = (some: readonly Place[], reachMs?: number) =>
    newestRows(connection, table, channels, some, Math.floor(count), reachMs)
  // Where devices report as their cadence says, the newest rows lie close together: that spares DuckDB the rest of the
  // table. Of those that do not, everything is looked at.
  const near = await newest(places, (count + 8) * catalogue.get(assetType)!.cadenceMs)
  const rowsOf = countBySeries(near)
  const short = places.filter(({ series }) => (rowsOf.get(series) ?? 0) < Math.floor(count))
  if (short.length === 0) return batchOf(tables, assetType, near)
  const again = new Set(short.map(({ series }) => series))
  return batchOf(tables, assetType, joined(without(near, again), await newest(short)))
}

function placesOf(
  tables: Tables,
  table: SeriesTable,
  assetType: string,
  wanted: readonly WindowWanted[],
): Place[] {
  return wanted.flatMap(({ device, until }) => {
    const series = tables.devices.find(assetType, device)
    const newest = series === undefined ? undefined : table.lastTime(series)
    if (series === undefined || newest === undefined) return []
    return [{ series, until: Math.min(Math.floor(until), newest) }]
  })
}

async function newestRows(
  connection: DuckDBConnection,
  { table }: SeriesTable,
  channels: readonly string[],
  places: readonly Place[],
  count: number,
  reachMs: number | undefined,
): Promise<Columns> {
  const values = places.map(({ series, until }) => `(${series}, ${whole(until)})`).join(', ')
  const untils = places.map(({ until }) => until)
  // Outer bounds as constants: with them DuckDB leaves whole row groups out.
  const earliest = reachMs === undefined ? '' : `AND time >= ${whole(minimum(untils) - reachMs)}`
  const near = reachMs === undefined ? '' : `AND time >= until - ${whole(reachMs)}`
  const names = ['received_at', ...channels.map(quoted)]
  const selected = names.map((name) => `coalesce(${name}, 'nan'::DOUBLE)`).join(', ')
  const result = await connection.run(
    `WITH wanted(series, until) AS (VALUES ${values})
     SELECT series::DOUBLE, time::DOUBLE, ${selected} FROM ${table} JOIN wanted USING (series)
      WHERE time <= ${whole(-minimum(untils.map((until) => -until)))} ${earliest} AND time <= until ${near}
      QUALIFY row_number() OVER (PARTITION BY series ORDER BY time DESC) <= ${whole(count)}
      ORDER BY series, time`,
  )
  return columnsFrom(await result.fetchAllChunks(), 2 + names.length)
}

/** Without spreading into arguments, of which there may be too many. */
const minimum = (numbers: readonly number[]): number => numbers.reduce((least, n) => Math.min(least, n))

function columnsFrom(chunks: readonly DuckDBDataChunk[], count: number): Columns {
  const rows = chunks.reduce((sum, chunk) => sum + chunk.rowCount, 0)
  const columns = emptyColumns(count, rows)
  let at = 0
  for (const chunk of chunks) {
    columns.forEach((column, c) => {
      const vector = chunk.getColumnVector(c)
      for (let row = 0; row < chunk.rowCount; row++) column[at + row] = vector.getItem(row) as number
    })
    at += chunk.rowCount
  }
  return columns
}

const emptyColumns = (count: number, rows = 0): Float64Array[] =>
  Array.from({ length: count }, () => new Float64Array(rows))

function countBySeries([series]: Columns): Map<number, number> {
  const counts = new Map<number, number>()
  for (const id of series!) counts.set(id, (counts.get(id) ?? 0) + 1)
  return counts
}

function without(columns: Columns, left: ReadonlySet<number>): Columns {
  const kept = Array.from(columns[0]!.keys()).filter((row) => !left.has(columns[0]![row]!))
  return columns.map((column) => Float64Array.from(kept, (row) => column[row]!))
}

const joined = (one: Columns, other: Columns): Columns =>
  one.map((column, c) => joinColumns([column, other[c]!]))

function batchOf(tables: Tables, assetType: string, columns: Columns): ReadingBatch {
  const [series, time, receivedAt, ...channels] = columns as [Float64Array, Float64Array, Float64Array]
  const entries = Array.from(series, (id) => tables.devices.entry(id))
  const unknown = () => new Float64Array(series.length).fill(Number.NaN)
  return {
    assetType,
    length: series.length,
    device: entries.map((entry) => entry[1]!),
    site: entries.map((entry) => entry[2]!),
    time,
    receivedAt,
    publishedAt: unknown(),
    seq: unknown(),
    channels,
  }
}
