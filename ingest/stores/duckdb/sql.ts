import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api'

/** A name of the catalogue as an SQL identifier. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** A whole number as SQL text, held within what a double counts exactly; texts never go into a statement. */
export function whole(value: number): string {
  const most = Number.MAX_SAFE_INTEGER
  return String(BigInt(Math.min(most, Math.max(-most, Number.isNaN(value) ? 0 : Math.round(value)))))
}

/** All rows of a query. Select whole numbers as `::DOUBLE`, or they arrive as bigint. */
export async function rowsOf<Row extends DuckDBValue[]>(
  connection: DuckDBConnection,
  sql: string,
): Promise<Row[]> {
  const result = await connection.run(sql)
  return (await result.getRows()) as Row[]
}
