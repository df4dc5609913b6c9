import type { DuckDBConnection } from '@duckdb/node-api'
import { quoted, rowsOf } from './sql.ts'

/**
 * Small numbers for what rows would otherwise repeat as text: a table of entries (columns of text, the first `identity`
 * of which identify an entry) with running ids, held in memory as well.
 */
export class Dictionary {
  private readonly ids = new Map<string, number>()
  private readonly entries: (readonly string[])[] = []
  private unsaved = 0
  private readonly table: string
  private readonly identity: number

  private constructor(table: string, identity: number) {
    this.table = table
    this.identity = identity
  }

  static async load(
    connection: DuckDBConnection,
    table: string,
    columns: readonly string[],
    identity: number,
  ): Promise<Dictionary> {
    const texts = columns.map((column) => `${quoted(column)} VARCHAR NOT NULL`).join(', ')
    await connection.run(`CREATE TABLE IF NOT EXISTS ${table} (id INTEGER NOT NULL, ${texts})`)
    const dictionary = new Dictionary(table, identity)
    const names = columns.map(quoted).join(', ')
    const rows = await rowsOf<string[]>(connection, `SELECT ${names} FROM ${table} ORDER BY id`)
    for (const row of rows) dictionary.remember(row)
    return dictionary
  }

  find(...identity: string[]): number | undefined {
    return this.ids.get(identity.join('\n'))
  }

  /** The id of an entry, a new one where it is unknown; `save` makes new ones durable. */
  idOf(entry: readonly string[]): number {
    const known = this.ids.get(this.keyOf(entry))
    if (known !== undefined) return known
    this.unsaved++
    return this.remember(entry)
  }

  entry(id: number): readonly string[] {
    return this.entries[id]!
  }

  /** Ids of the entries that begin with these texts. */
  matching(...start: string[]): number[] {
    return this.entries.flatMap((entry, id) => (start.every((text, i) => entry[i] === text) ? [id] : []))
  }

  async save(connection: DuckDBConnection): Promise<void> {
    if (this.unsaved === 0) return
    const first = this.entries.length - this.unsaved
    const schemaAndTable = this.table.split('.') as [string, string]
    const appender = await connection.createAppender(schemaAndTable[1], schemaAndTable[0])
    this.entries.slice(first).forEach((entry, i) => {
      appender.appendInteger(first + i)
      for (const text of entry) appender.appendVarchar(text)
      appender.endRow()
    })
    appender.closeSync()
    this.unsaved = 0
  }

  private remember(entry: readonly string[]): number {
    const id = this.entries.length
    this.entries.push(entry)
    this.ids.set(this.keyOf(entry), id)
    return id
  }

  private keyOf(entry: readonly string[]): string {
    return entry.slice(0, this.identity).join('\n')
  }
}
