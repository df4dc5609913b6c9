import type { DuckDBConnection } from '@duckdb/node-api'
import type { AssetType, Catalogue } from '../../../core/catalogue.ts'
import { series } from '../../../core/series.ts'
import type { WriteTotals } from '../store.ts'
import { DeviceNumbers } from './deviceNumbers.ts'
import { Dictionary } from './dictionary.ts'
import type { Transactional } from './engine.ts'
import { Hourly, hourlySchema } from './hourly.ts'
import { columnsIn } from './schema.ts'
import { SeriesTable } from './seriesTable.ts'
import { quoted, rowsOf, whole } from './sql.ts'

export const columnsOf = (type: AssetType): string[] => [
  series.receivedAt,
  ...type.channels.map((c) => c.name),
]

/**
 * What the file holds: schema `readings` with one wide table an asset type, schema `hourly` with its roll-ups, schema
 * `forewarn` with everything else, and in `main` one view an asset type for whoever opens the file with another tool: `SELECT * FROM pump`.
 */
export interface Tables extends Transactional {
  /** asset type, device, site. */
  readonly devices: Dictionary
  readonly deviceNumbers: DeviceNumbers
  readonly readings: ReadonlyMap<string, SeriesTable>
  readonly hourly: ReadonlyMap<string, Hourly>
  /** asset type, device, model, role, site. */
  readonly scoreSeries: Dictionary
  readonly scores: SeriesTable
  cursor: Cursor
}

/** How far the file is, and what came with it. */
export interface Cursor {
  readonly position: number
  readonly totals: WriteTotals
}

export async function loadTables(connection: DuckDBConnection, catalogue: Catalogue): Promise<Tables> {
  await connection.run('CREATE SCHEMA IF NOT EXISTS readings')
  await connection.run('CREATE SCHEMA IF NOT EXISTS forewarn')
  await connection.run(`CREATE SCHEMA IF NOT EXISTS ${hourlySchema}`)
  const devices = await Dictionary.load(connection, 'forewarn.device', ['asset_type', 'device', 'site'], 2)
  const readings = new Map<string, SeriesTable>()
  const hourly = new Map<string, Hourly>()
  for (const type of catalogue.values()) {
    const table = await SeriesTable.load(connection, 'readings', type.name, columnsOf(type))
    readings.set(type.name, table)
    hourly.set(type.name, await Hourly.load(connection, table))
    await ensureView(connection, type.name, table)
  }
  const scoreColumns = ['asset_type', 'device', 'model', 'role', 'site']
  const scoreSeries = await Dictionary.load(connection, 'forewarn.score_series', scoreColumns, 4)
  const scores = await SeriesTable.load(connection, 'forewarn', series.score.measurement, series.score.fields)
  const committed = () => {
    for (const table of [...readings.values(), scores]) table.committed()
  }
  await makeCursor(connection)
  const deviceNumbers = new DeviceNumbers(devices)
  const cursor = await readCursor(connection)
  return { devices, deviceNumbers, readings, hourly, scoreSeries, scores, committed, cursor }
}

async function makeCursor(connection: DuckDBConnection): Promise<void> {
  await connection.run(
    `CREATE TABLE IF NOT EXISTS forewarn.cursor
       (position BIGINT NOT NULL, stored BIGINT NOT NULL, duplicates BIGINT NOT NULL, refused BIGINT NOT NULL)`,
  )
  const rows = await rowsOf<[number]>(connection, 'SELECT position::DOUBLE FROM forewarn.cursor')
  if (rows.length === 0) await connection.run('INSERT INTO forewarn.cursor VALUES (0, 0, 0, 0)')
}

export async function readCursor(connection: DuckDBConnection): Promise<Cursor> {
  const [row] = await rowsOf<[number, number, number, number]>(
    connection,
    'SELECT position::DOUBLE, stored::DOUBLE, duplicates::DOUBLE, refused::DOUBLE FROM forewarn.cursor',
  )
  const [position, stored, duplicates, refused] = row!
  return { position, totals: { stored, duplicates, refused } }
}

/** Moves the cursor and the totals, in the transaction of the rows they speak of. */
export async function saveCursor(connection: DuckDBConnection, { position, totals }: Cursor): Promise<void> {
  await connection.run(
    `UPDATE forewarn.cursor SET position = ${whole(position)}, stored = ${whole(totals.stored)},
       duplicates = ${whole(totals.duplicates)}, refused = ${whole(totals.refused)}`,
  )
}

/** The view has the columns of its table, numbers of devices and times made readable. */
async function ensureView(connection: DuckDBConnection, name: string, table: SeriesTable): Promise<void> {
  const channels = table.columns.filter((column) => column !== series.receivedAt)
  const columns = [series.tags.site, series.tags.device, 'time', series.receivedAt, ...channels]
  const present = await columnsIn(connection, 'main', name)
  if (present.join() === columns.join()) return
  await connection.run(
    `CREATE OR REPLACE VIEW main.${quoted(name)} AS
       SELECT d.site, d.device, epoch_ms(r.time) AS time, epoch_ms(r.received_at::BIGINT) AS received_at,
         ${channels.map((channel) => `r.${quoted(channel)}`).join(', ')}
       FROM ${table.table} AS r JOIN forewarn.device AS d ON d.id = r.series`,
  )
}
