import type { DuckDBConnection } from '@duckdb/node-api'
import { appendRows, type SeriesRows } from './chunks.ts'
import { LastTimes } from './lastTimes.ts'
import { ensureTable } from './schema.ts'
import { quoted, rowsOf, whole } from './sql.ts'

/** What became of rows that were appended. */
export interface Appended {
  readonly rows: SeriesRows
  /** Rows later than all before them of their series, in order. */
  readonly fresh: readonly number[]
  /** The others, one an identity, the last. */
  readonly late: readonly number[]
  /** How many of the late ones were there already. */
  readonly replaced: number
  readonly stored: number
  readonly duplicates: number
}

/**
 * A wide table of time series whose identity (series, time) is kept without an index: the last time of each series is
 * in memory, recovered by `max(time)` when the file is opened. Rows later than it are appended straight away; the
 * others go through a staging table and replace what is there. At three million rows this keeps 87 % of the speed
 * without any identity, a primary key 13 %.
 */
export class SeriesTable {
  readonly schema: string
  readonly name: string
  /** Columns after series and time, in the table's order. */
  readonly columns: readonly string[]
  private readonly last: LastTimes

  private constructor(schema: string, name: string, columns: readonly string[], last: LastTimes) {
    this.schema = schema
    this.name = name
    this.columns = columns
    this.last = last
  }

  /** Makes the table where it is missing, adds columns it lacks, and recovers the last times. */
  static async load(
    connection: DuckDBConnection,
    schema: string,
    name: string,
    wanted: readonly string[],
  ): Promise<SeriesTable> {
    const columns = await ensureTable(connection, schema, name, wanted)
    const newest = await rowsOf<[number, number]>(
      connection,
      `SELECT series, max(time)::DOUBLE FROM ${schema}.${quoted(name)} GROUP BY series`,
    )
    return new SeriesTable(schema, name, columns, new LastTimes(newest))
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

  /** Newest time of every series that has rows. */
  newest(): Iterable<readonly [series: number, time: number]> {
    return this.last.entries()
  }

  /** Earliest of the last times: every series has its newest row at or after it. */
  earliestLastTime(): number {
    return this.last.earliest()
  }

  /**
   * Writes rows inside the connection's transaction; the last write wins. After an error this object is out of step
   * with the table and must be loaded anew.
   */
  async append(connection: DuckDBConnection, rows: SeriesRows): Promise<Appended> {
    const { fresh, late, repeated } = this.partition(rows)
    await appendRows(connection, this, this.columns, rows, fresh)
    const replaced = late.length === 0 ? 0 : await this.replace(connection, rows, late)
    const stored = fresh.length + late.length - replaced
    return { rows, fresh, late, replaced, stored, duplicates: repeated + replaced }
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
    const place = { database: 'temp', schema: 'main', name: staging }
    await appendRows(connection, place, this.columns, rows, late)
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
