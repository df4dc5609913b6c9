import type { DuckDBConnection } from '@duckdb/node-api'
import type { Catalogue } from '../../../core/catalogue.ts'
import type { StoredScore } from '../../../core/ports.ts'
import type { ReadingBatch } from '../../../core/reading.ts'
import { series } from '../../../core/series.ts'
import { batchOf, channelsOf, type StoredRow, scoreFromFields } from '../store.ts'
import { quoted, rowsOf, whole } from './sql.ts'
import type { Tables } from './tables.ts'

/** series, time, receivedAt, channels. */
type ReadingRow = [number, number, number, ...(number | null)[]]

const selected = (channels: readonly string[]) =>
  ['series', 'time::DOUBLE', 'received_at', ...channels.map(quoted)].join(', ')

function toBatch(
  tables: Tables,
  assetType: string,
  channels: readonly string[],
  rows: readonly ReadingRow[],
): ReadingBatch {
  const stored = rows.map(([id, time, receivedAt, ...values]): StoredRow => {
    const [, device, site] = tables.devices.entry(id) as [string, string, string]
    return { device, site, time, receivedAt, values }
  })
  return batchOf(assetType, channels.length, stored)
}

export async function window(
  connection: DuckDBConnection,
  tables: Tables,
  catalogue: Catalogue,
  assetType: string,
  device: string,
  until: number,
  count: number,
): Promise<ReadingBatch> {
  const channels = channelsOf(catalogue, assetType)
  const table = tables.readings.get(assetType)
  const id = tables.devices.find(assetType, device)
  const newest = id === undefined ? undefined : table?.lastTime(id)
  if (!table || newest === undefined || !(count > 0)) return batchOf(assetType, channels.length, [])

  const last = Math.min(Math.floor(until), newest)
  const newestFrom = (first?: number) =>
    rowsOf<ReadingRow>(
      connection,
      `SELECT ${selected(channels)} FROM ${table.table} WHERE series = ${id} AND time <= ${whole(last)}
         ${first === undefined ? '' : `AND time >= ${whole(first)}`} ORDER BY time DESC LIMIT ${whole(count)}`,
    )
  // Where a device reports as its cadence says, its newest rows lie close together: the lower bound spares DuckDB the
  // rest of the table. Where it does not, everything is looked at.
  let rows = await newestFrom(last - (count + 8) * catalogue.get(assetType)!.cadenceMs)
  if (rows.length < count) rows = await newestFrom()
  return toBatch(tables, assetType, channels, rows.reverse())
}

export async function latest(
  connection: DuckDBConnection,
  tables: Tables,
  catalogue: Catalogue,
  assetType: string,
): Promise<ReadingBatch> {
  const channels = channelsOf(catalogue, assetType)
  const table = tables.readings.get(assetType)
  if (!table || tables.devices.matching(assetType).length === 0)
    return batchOf(assetType, channels.length, [])
  const since = `time >= ${whole(table.earliestLastTime())}`
  const rows = await rowsOf<ReadingRow>(
    connection,
    `SELECT ${selected(channels)} FROM ${table.table} WHERE ${since} AND (series, time) IN
       (SELECT (series, max(time)) FROM ${table.table} WHERE ${since} GROUP BY series)`,
  )
  return toBatch(tables, assetType, channels, rows)
}

export function devices(tables: Tables, assetType: string): { device: string; site: string }[] {
  const table = tables.readings.get(assetType)
  const ids = tables.devices.matching(assetType).filter((id) => table?.lastTime(id) !== undefined)
  return ids.map((id) => {
    const [, device, site] = tables.devices.entry(id) as [string, string, string]
    return { device, site }
  })
}

export async function counts(
  connection: DuckDBConnection,
  tables: Tables,
  assetType: string,
): Promise<Map<string, number>> {
  const table = tables.readings.get(assetType)
  if (!table) return new Map()
  const rows = await rowsOf<[number, number]>(
    connection,
    `SELECT series, count(*)::DOUBLE FROM ${table.table} GROUP BY series`,
  )
  return new Map(rows.map(([id, count]) => [tables.devices.entry(id)[1]!, count]))
}

export async function scores(
  connection: DuckDBConnection,
  tables: Tables,
  assetType: string,
  device: string,
  from: number,
  to: number,
  limit: number,
  role?: StoredScore['role'],
): Promise<StoredScore[]> {
  const ids = tables.scoreSeries
    .matching(assetType, device)
    .filter((id) => role === undefined || (tables.scoreSeries.entry(id) as ScoreSeries)[3] === role)
  if (ids.length === 0) return []
  const rows = await rowsOf<[number, number, ...number[]]>(
    connection,
    `SELECT series, time::DOUBLE, ${series.score.fields.join(', ')} FROM ${tables.scores.table}
       WHERE series IN (${ids.join(', ')}) AND time >= ${whole(Math.ceil(from))} AND time < ${whole(Math.ceil(to))}
       QUALIFY (row_number() OVER (ORDER BY time DESC, series DESC) - 1)
         % greatest(1, ceil(count(*) OVER () / ${whole(Math.max(1, limit))})::BIGINT) = 0
       ORDER BY time, series`,
  )
  return rows.map((row) => toScore(tables, row))
}

function toScore(tables: Tables, [id, windowEnd, ...fields]: [number, number, ...number[]]): StoredScore {
  const [assetType, device, model, role, site] = tables.scoreSeries.entry(id) as ScoreSeries
  return scoreFromFields({ device, site, assetType, windowEnd, model, role }, fields)
}

type ScoreSeries = [assetType: string, device: string, model: string, role: StoredScore['role'], site: string]

export async function scoreCount(connection: DuckDBConnection, tables: Tables): Promise<number> {
  const [row] = await rowsOf<[number]>(connection, `SELECT count(*)::DOUBLE FROM ${tables.scores.table}`)
  return row![0]
}
