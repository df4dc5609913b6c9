import type { DuckDBConnection } from '@duckdb/node-api'
import { hourMs, series as names } from '../../../core/series.ts'
import { appendRows } from './chunks.ts'
import { functions, HourSums, type SeriesHour } from './hourSums.ts'
import { MissingHours } from './missingHours.ts'
import { columnsIn, ensureTable } from './schema.ts'
import type { Appended, SeriesTable } from './seriesTable.ts'
import { quoted, rowsOf, whole } from './sql.ts'

export const hourlySchema = 'hourly'

/**
 * The hourly roll-ups of an asset type: table `hourly.<type>_1h` with count, min, max and mean of each channel, and
 * `hourly.<type>_1h_missing` with the hours for which that row is missing or out of date. Both change in the
 * transaction of the readings, so that at any moment each hour before a series' newest one has its row, or is named
 * as missing, or has no readings.
 */
export class Hourly {
  private readonly readings: SeriesTable
  private readonly name: string
  private readonly columns: readonly string[]
  private readonly sums: HourSums
  private readonly missing = new MissingHours()

  private constructor(readings: SeriesTable, name: string, columns: readonly string[]) {
    this.readings = readings
    this.name = name
    this.columns = columns
    this.sums = new HourSums(channelsOf(readings), readings.newest())
  }

  /** Where readings are older than the tables, all their hours are missing at first. */
  static async load(connection: DuckDBConnection, readings: SeriesTable): Promise<Hourly> {
    const name = names.hourly(readings.name)
    const isNew = (await columnsIn(connection, hourlySchema, name)).length === 0
    if (isNew) await makeTables(connection, readings, name)
    const wanted = channelsOf(readings).flatMap(columnsFor)
    const hourly = new Hourly(readings, name, await ensureTable(connection, hourlySchema, name, wanted))
    const missing = `SELECT series, time::DOUBLE FROM ${hourly.missingTable} ORDER BY time`
    for (const one of await rowsOf<[number, number]>(connection, missing)) hourly.missing.add(one)
    return hourly
  }

  get table(): string {
    return tableOf(this.name)
  }

  get missingTable(): string {
    return missingOf(this.name)
  }

  /** Counts what was appended to the readings, and writes what that finished. */
  async add(connection: DuckDBConnection, { rows, fresh, late, replaced }: Appended): Promise<void> {
    this.sums.add(rows, fresh)
    if (late.length > 0) this.sums.addLate(rows, late, replaced === 0)
    const { done, missing } = this.sums.take()
    const all = Array.from({ length: done.length }, (_, i) => i)
    await appendRows(connection, { schema: hourlySchema, name: this.name }, this.columns, done, all)
    await this.miss(connection, missing)
  }

  /** Computes up to `most` missing hours from their readings. Returns how many; 0 when none is missing. */
  async fill(connection: DuckDBConnection, most: number): Promise<number> {
    const some = this.missing.some(most)
    if (!some) return 0
    const hour = whole(some.hour)
    const among = `series BETWEEN ${some.series[0]} AND ${some.series.at(-1)}`
    const wanted = `series IN (SELECT series FROM ${this.missingTable} WHERE time = ${hour} AND ${among})`
    await connection.run(`DELETE FROM ${this.table} WHERE time = ${hour} AND ${among} AND ${wanted}`)
    const columns = channelsOf(this.readings)
    await connection.run(
      `INSERT INTO ${this.table} (series, time, ${columns.flatMap(columnsFor).map(quoted).join(', ')})
         SELECT series, ${hour}, ${columns.flatMap(valuesFor).join(', ')} FROM ${this.readings.table}
         WHERE time >= ${hour} AND time < ${whole(some.hour + hourMs)} AND ${among} AND ${wanted} GROUP BY series`,
    )
    await connection.run(`DELETE FROM ${this.missingTable} WHERE time = ${hour} AND ${among}`)
    this.missing.remove(some.hour, some.series)
    return some.series.length
  }

  private async miss(connection: DuckDBConnection, hours: readonly SeriesHour[]): Promise<void> {
    const added = hours.filter((one) => this.missing.add(one))
    const rows = {
      length: added.length,
      series: Int32Array.from(added, ([series]) => series),
      time: Float64Array.from(added, ([, hour]) => hour),
      columns: new Map(),
    }
    const place = { schema: hourlySchema, name: `${this.name}_missing` }
    await appendRows(
      connection,
      place,
      [],
      rows,
      added.map((_, i) => i),
    )
  }
}

const tableOf = (name: string): string => `${hourlySchema}.${quoted(name)}`
const missingOf = (name: string): string => tableOf(`${name}_missing`)

const channelsOf = (readings: SeriesTable): string[] =>
  readings.columns.filter((column) => column !== names.receivedAt)

const columnsFor = (channel: string): string[] => functions.map((name) => `${channel}_${name}`)

const valuesFor = (channel: string): string[] =>
  ['count', 'min', 'max', 'favg'].map((name) => `${name}(${quoted(channel)})`)

/** Both or none, or hours of older readings would be forgotten. */
async function makeTables(connection: DuckDBConnection, readings: SeriesTable, name: string): Promise<void> {
  const hour = `(floor(time / ${hourMs}) * ${hourMs})::BIGINT`
  await connection.run('BEGIN')
  await connection.run(`CREATE TABLE ${tableOf(name)} (series INTEGER NOT NULL, time BIGINT NOT NULL)`)
  await connection.run(
    `CREATE TABLE ${missingOf(name)} AS
       SELECT series, hour AS time FROM (SELECT DISTINCT series, ${hour} AS hour FROM ${readings.table})
       QUALIFY hour < max(hour) OVER (PARTITION BY series)`,
  )
  await connection.run('COMMIT')
}
