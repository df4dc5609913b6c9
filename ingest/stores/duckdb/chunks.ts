import { DOUBLE, type DuckDBConnection, DuckDBDataChunk, INTEGER } from '@duckdb/node-api'

/** Rows side by side; `series` and whole-numbered `time` are their identity, NaN in a column means "none". */
export interface SeriesRows {
  readonly length: number
  readonly series: Int32Array
  readonly time: Float64Array
  readonly columns: ReadonlyMap<string, Float64Array>
}

/** Rows of one data chunk, DuckDB's vector size. */
const chunkRows = 2048

/** Where a table lies; without a database in the file itself. */
interface Place {
  readonly database?: string
  readonly schema: string
  readonly name: string
}

/** Appends some of the rows to a table whose columns after series and time are `columns`. */
export async function appendRows(
  connection: DuckDBConnection,
  { database, schema, name }: Place,
  columns: readonly string[],
  rows: SeriesRows,
  selected: readonly number[],
): Promise<void> {
  if (selected.length === 0) return
  const appender = await connection.createAppender(name, schema, database)
  for (let start = 0; start < selected.length; start += chunkRows) {
    appender.appendDataChunk(chunkOf(rows, columns, selected.slice(start, start + chunkRows)))
  }
  appender.closeSync()
}

/**
 * Some rows as a data chunk of series, time and the given columns, written as whole vectors. The appender casts the
 * times, whole numbers as doubles, to BIGINT. A column that the rows lack is NULL.
 */
function chunkOf(rows: SeriesRows, columns: readonly string[], selected: readonly number[]): DuckDBDataChunk {
  const all = [rows.series, rows.time, ...columns.map((column) => rows.columns.get(column))]
  const chunk = DuckDBDataChunk.create([INTEGER, DOUBLE, ...columns.map(() => DOUBLE)], selected.length)
  all.forEach((values, column) => {
    fill(chunk, column, values, selected)
  })
  return chunk
}

function fill(
  chunk: DuckDBDataChunk,
  column: number,
  values: Int32Array | Float64Array | undefined,
  selected: readonly number[],
): void {
  const vector = chunk.getColumnVector(column)
  // The one hot loop of storing: a plain one.
  for (let i = 0; i < selected.length; i++) {
    const value = values === undefined ? Number.NaN : values[selected[i]!]!
    vector.setItem(i, Number.isFinite(value) ? value : null)
  }
  vector.flush()
}
