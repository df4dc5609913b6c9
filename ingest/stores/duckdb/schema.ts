import type { DuckDBConnection } from '@duckdb/node-api'
import { quoted, rowsOf } from './sql.ts'

/** Series and time come first in every table of series. */
const identityColumns = 2

/**
 * Makes a table of series where it is missing and adds columns it lacks. Returns its columns after series and time.
 * Nothing is written where nothing changed: with a full disk the file can still be read.
 */
export async function ensureTable(
  connection: DuckDBConnection,
  schema: string,
  name: string,
  wanted: readonly string[],
): Promise<string[]> {
  const table = `${schema}.${quoted(name)}`
  await connection.run(`CREATE TABLE IF NOT EXISTS ${table} (series INTEGER NOT NULL, time BIGINT NOT NULL)`)
  const present = await columnsIn(connection, schema, name)
  for (const column of wanted.filter((column) => !present.includes(column))) {
    await connection.run(`ALTER TABLE ${table} ADD COLUMN ${quoted(column)} DOUBLE`)
  }
  return (await columnsIn(connection, schema, name)).slice(identityColumns)
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
