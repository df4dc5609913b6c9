import type { DuckDBConnection } from '@duckdb/node-api'
import { chunkOf, chunkRows, type SeriesRows } from './chunks.ts'
import { LastTimes } from './lastTimes.ts'
import { quoted, rowsOf, whole } from './sql.ts'

/** Series and time come first. */
const identityColumns = 2

/**
 * A wide table of time series whose identity (series, time) is kept without an index: the last time of each series is
 * in memory, recovered by `max(time)` when the file is opened. Rows later than it are appended straight away; the
 * others go through a staging table and replace what is there. At three million rows this keeps 87 % of the speed
 * without any identity, a primary key 13 %.
 */
export class SeriesTable {
  private readonly schema: string
  private readonly name: string
  /** Columns after series and time, in the table's order. */
  readonly columns: readonly string[]
  private readonly last: LastTimes

  private constructor(schema: string, name: string, columns: readonly string[], last: LastTimes) {
    this.schema = schema
    this.name = name
    this.columns = columns
    this.last = last
  }

  /**
   * Makes the table where it is missing, adds columns it lacks, and recovers the last times. Nothing is written where
   * nothing changed: with a full disk the file can still be read.
   */
  static async load(
    connection: DuckDBConnection,
    schema: string,
    name: string,
    wanted: readonly string[],
  ): Promise<SeriesTable> {
    const table = `${schema}.${quoted(name)}`
    await connection.run(
      `CREATE TABLE IF NOT EXISTS ${table} (series INTEGER NOT NULL, time BIGINT NOT NULL)`,
    )
    const present = await columnsIn(connection, schema, name)
    for (const column of wanted.filter((column) => !present.includes(column))) {
      await connection.run(`ALTER TABLE ${table} ADD COLUMN ${quoted(column)} DOUBLE`)
    }
    const columns = await columnsIn(connection, schema, name)
    const newest = await rowsOf<[number, number]>(
      connection,
      `SELECT series, max(time)::DOUBLE FROM ${table} GROUP BY series`,
    )
    return new SeriesTable(schema, name, columns.slice(identityColumns), new LastTimes(newest))
  }

  get table(): string {
    return `${this.schema}.${quoted(this.name)}`
  }

  /** The transaction's last times now hold for readers. */
  committed(): void {
    this.last.commit()
  }

  /** Newest time of a series; undefined where it has no rows. */
  lastTime(series: number): number | undefined {
    return this.last.of(series)
  }

  /** Earliest of the last times: every series has its newest row at or after it. */
  earliestLastTime(): number {
    return this.last.earliest()
  }

  /**
   * Writes rows inside the connection's transaction; the last write wins. After an error this object is out of step
   * with the table and must be loaded anew.
   */
  async append(
    connection: DuckDBConnection,
    rows: SeriesRows,
  ): Promise<{ stored: number; duplicates: number }> {
    const { fresh, late, repeated } = this.partition(rows)
    await this.appendTo(connection, this.schema, this.name, rows, fresh)
    if (late.length === 0) return { stored: fresh.length, duplicates: repeated }
    const replaced = await this.replace(connection, rows, late)
    return { stored: fresh.length + late.length - replaced, duplicates: repeated + replaced }
  }

  /** `late` holds one row an identity, the last; `repeated` counts the ones before it. */
  private partition(rows: SeriesRows): { fresh: number[]; late: number[]; repeated: number } {
    const fresh: number[] = []
    const late = new Map<number, Map<number, number>>()
    let lateRows = 0
    for (let row = 0; row < rows.length; row++) {
      const series = rows.series[row]!
      const time = rows.time[row]!
      if (this.last.advance(series, time)) {
        fresh.push(row)
        continue
      }
      const times = late.get(series) ?? new Map<number, number>()
      if (times.size === 0) late.set(series, times)
      times.set(time, row)
      lateRows++
    }
    const kept = [...late.values()].flatMap((times) => [...times.values()])
    return { fresh, late: kept, repeated: lateRows - kept.length }
  }

  /** Returns how many rows were there already. */
  private async replace(
    connection: DuckDBConnection,
    rows: SeriesRows,
    late: readonly number[],
  ): Promise<number> {
    const staging = `staging_${this.name}`
    const staged = `temp.main.${quoted(staging)}`
    await connection.run(
      `CREATE OR REPLACE TEMP TABLE ${quoted(staging)} AS SELECT * FROM ${this.table} LIMIT 0`,
    )
    await this.appendTo(connection, 'main', staging, rows, late, 'temp')
    const { earliest, latest } = range(rows.time, late)
    // The bounds let DuckDB pass over row groups by their minimum and maximum.
    const deleted = await connection.run(
      `DELETE FROM ${this.table} AS t USING ${staged} AS s WHERE t.series = s.series AND t.time = s.time
         AND t.time BETWEEN ${whole(earliest)} AND ${whole(latest)}`,
    )
    await connection.run(`INSERT INTO ${this.table} SELECT * FROM ${staged}`)
    await connection.run(`DROP TABLE ${staged}`)
    return deleted.rowsChanged
  }

  private async appendTo(
    connection: DuckDBConnection,
    schema: string,
    name: string,
    rows: SeriesRows,
    selected: readonly number[],
    database?: string,
  ): Promise<void> {
    if (selected.length === 0) return
    const appender = await connection.createAppender(name, schema, database)
    for (let start = 0; start < selected.length; start += chunkRows) {
      appender.appendDataChunk(chunkOf(rows, this.columns, selected.slice(start, start + chunkRows)))
    }
    appender.closeSync()
  }
}

function range(times: Float64Array, rows: readonly number[]): { earliest: number; latest: number } {
  let earliest = Number.POSITIVE_INFINITY
  let latest = Number.NEGATIVE_INFINITY
  for (const row of rows) {
    earliest = Math.min(earliest, times[row]!)
    latest = Math.max(latest, times[row]!)
  }
  return { earliest, latest }
}

/** Names of a table's or view's columns in their order; none where it is missing. */
export async function columnsIn(
  connection: DuckDBConnection,
  schema: string,
  name: string,
): Promise<string[]> {
  const rows = await rowsOf<[string]>(
    connection,
    `SELECT column_name FROM duckdb_columns() WHERE schema_name = '${schema}' AND table_name = '${name}'
       AND NOT internal ORDER BY column_index`,
  )
  return rows.map(([column]) => column)
}
