import { type Kysely, sql } from 'kysely'
import type { Database } from './schema.ts'

/** What is carried over: everything in the schema but the list of migrations, which the target makes for itself. */
export type CarriedTable = Exclude<keyof Database, 'forewarn.migration'>

/** A row as JSON has it: times and ids are numbers, jsonb is what it holds. */
export type CarriedRow = Readonly<Record<string, unknown>>

/** Rows of one table, in the order of its key; a long table comes in several pieces. */
export interface TablePiece {
  readonly table: CarriedTable
  readonly rows: readonly CarriedRow[]
}

interface Shape {
  readonly table: CarriedTable
  readonly key: readonly string[]
  /** Its numbers are given by a sequence. */
  readonly numbered: boolean
}

/** In the order of dependence: whatever a row refers to lies in a table before its own. */
const shapes: readonly Shape[] = [
  { table: 'forewarn.ticket', key: ['id'], numbered: true },
  { table: 'forewarn.seen_prediction', key: ['id'], numbered: false },
  { table: 'forewarn.ticket_event', key: ['id'], numbered: true },
  { table: 'forewarn.device', key: ['device'], numbered: false },
  { table: 'forewarn.life_event', key: ['device', 'time', 'kind'], numbered: false },
  { table: 'forewarn.alarm', key: ['device'], numbered: false },
  { table: 'forewarn.maintenance', key: ['id'], numbered: true },
  { table: 'forewarn.notice', key: ['id'], numbered: true },
  { table: 'forewarn.device_edit', key: ['id'], numbered: true },
]

export const carriedTables: readonly CarriedTable[] = shapes.map(({ table }) => table)

/** A ticket with its evidence has some ten kilobytes: a piece stays in the single megabytes. */
const rowsAPiece = 500

/**
 * Every row of every table, parents before children. Give it a transaction (repeatable read) for a picture of one
 * moment. An empty table comes as no piece at all.
 */
export async function* dumpTables(db: Kysely<Database>, pieceRows = rowsAPiece): AsyncIterable<TablePiece> {
  for (const shape of shapes) {
    for (let after: CarriedRow | undefined; ; ) {
      const rows = await nextRows(db, shape, after, pieceRows)
      if (rows.length > 0) yield { table: shape.table, rows }
      if (rows.length < pieceRows) break
      after = rows.at(-1)
    }
  }
}

const columnList = (columns: readonly string[]) => sql.join(columns.map((column) => sql.ref(column)))

async function nextRows(
  db: Kysely<Database>,
  { table, key }: Shape,
  after: CarriedRow | undefined,
  limit: number,
) {
  const columns = columnList(key)
  const beyond = after && sql`WHERE (${columns}) > (${sql.join(key.map((column) => after[column]))})`
  const page = sql`SELECT * FROM ${sql.table(table)} ${beyond ?? sql``} ORDER BY ${columns} LIMIT ${limit}`
  const { rows } = await sql<{
    row: CarriedRow
  }>`SELECT row_to_json(page) AS row FROM (${page}) page`.execute(db)
  return rows.map(({ row }) => row)
}

/**
 * Puts dumped rows into an empty, migrated database with the ids they had, and lets the sequences go on behind them.
 * Columns that the rows do not name take their defaults. All or nothing only inside a transaction: give it one.
 */
export async function loadTables(
  db: Kysely<Database>,
  source: AsyncIterable<TablePiece> | Iterable<TablePiece>,
  onPiece: (piece: TablePiece) => void = () => undefined,
): Promise<void> {
  for await (const piece of source) {
    await insert(db, piece)
    onPiece(piece)
  }
  for (const { table, numbered } of shapes) if (numbered) await continueNumbers(db, table)
}

async function insert(db: Kysely<Database>, { table, rows }: TablePiece) {
  const [first] = rows
  if (!first) return
  const columns = columnList(Object.keys(first))
  const target = sql.table(table)
  await sql`INSERT INTO ${target} (${columns}) OVERRIDING SYSTEM VALUE
    SELECT ${columns} FROM jsonb_populate_recordset(NULL::${target}, ${JSON.stringify(rows)}::jsonb)`.execute(
    db,
  )
}

const continueNumbers = (db: Kysely<Database>, table: CarriedTable) =>
  sql`SELECT setval(pg_get_serial_sequence(${table}, 'id'),
    (SELECT coalesce(max(id), 0) + 1 FROM ${sql.table(table)}), false)`.execute(db)

/** Rows in each table. */
export async function countRows(db: Kysely<Database>): Promise<Record<CarriedTable, number>> {
  const counts = carriedTables.map(async (table) => {
    const { rows } = await sql<{ n: string }>`SELECT count(*) AS n FROM ${sql.table(table)}`.execute(db)
    return [table, Number(rows[0]!.n)] as const
  })
  return Object.fromEntries(await Promise.all(counts)) as Record<CarriedTable, number>
}

/** Whether nothing at all has been kept yet. */
export const isEmpty = async (db: Kysely<Database>): Promise<boolean> =>
  Object.values(await countRows(db)).every((count) => count === 0)
