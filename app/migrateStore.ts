import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Kysely, sql } from 'kysely'
import { openDatabase } from '../alerts/db/database.ts'
import { preparePostgres } from '../alerts/db/open.ts'
import { connectPostgres, patientLimits } from '../alerts/db/postgres.ts'
import type { PostgresSettings } from '../alerts/db/postgresUrl.ts'
import type { Database } from '../alerts/db/schema.ts'
import {
  type CarriedTable,
  carriedTables,
  countRows,
  dumpTables,
  loadTables,
  type TablePiece,
} from '../alerts/db/transfer.ts'
import { openPglite, type Pglite } from '../alerts/pglite/pglite.ts'
import { createPgliteQueue } from '../alerts/queue/pgliteQueue.ts'
import { ForewarnError } from '../core/errors.ts'
import { holdDataFolder } from './dataFolder.ts'

export type TableCounts = Record<CarriedTable, number>

export interface MoveOptions {
  /** Data folder of a forewarn that does not run. */
  readonly from: string
  readonly to: PostgresSettings
  readonly onProgress?: ((moved: number, total: number, table: CarriedTable) => void) | undefined
}

export interface Moved {
  readonly from: string
  /** Server and database, without user and password. */
  readonly to: string
  /** Rows on both sides. */
  readonly rows: TableCounts
  /** Predictions that wait in the embedded queue; they are not moved. */
  readonly waiting: number
}

/**
 * Copies tickets, their history, the register and the alarm state from the embedded database into an empty one on a
 * PostgreSQL server, in one transaction: all of it or nothing, so that it can be tried again after any failure. What
 * it copies from stays as it is.
 * Throws DATA_FOLDER_LOCKED, DATA_FOLDER_UNUSABLE, TARGET_NOT_EMPTY, TICKETS_UNAVAILABLE, TICKETS_MISCONFIGURED.
 */
export async function migrateStore({ from, to, onProgress }: MoveOptions): Promise<Moved> {
  const folder = resolve(from)
  const database = join(folder, 'pg')
  if (!existsSync(database)) {
    throw new ForewarnError('DATA_FOLDER_UNUSABLE', { folder, problem: 'there is no ticket database in it' })
  }
  const { release } = holdDataFolder(folder)
  let pglite: Pglite | undefined
  try {
    pglite = await openPglite({ folder: database })
    const source = await openDatabase(pglite.pool)
    const rows = await countRows(source)
    const name = await copy(source, rows, to, onProgress)
    return { from: folder, to: name, rows, waiting: await waitingIn(pglite) }
  } finally {
    await pglite?.close()
    release()
  }
}

async function copy(
  source: Kysely<Database>,
  expected: TableCounts,
  to: PostgresSettings,
  onProgress: MoveOptions['onProgress'],
): Promise<string> {
  await preparePostgres(to, () => undefined)
  const target = connectPostgres(to, patientLimits, () => undefined)
  const total = sum(Object.values(expected))
  let moved = 0
  const onPiece = ({ table, rows }: TablePiece) => {
    moved += rows.length
    onProgress?.(moved, total, table)
  }
  try {
    await target.db.transaction().execute(async (trx) => {
      await takeAlone(trx)
      refuseFilled(target.name, await countRows(trx))
      await loadTables(trx, dumpTables(source), onPiece)
      assertSame(expected, await countRows(trx))
    })
    return target.name
  } finally {
    await target.close()
  }
}

/** Nobody else, a forewarn that was started too early or a second move, puts anything in between. */
const takeAlone = (db: Kysely<Database>) =>
  sql`LOCK TABLE ${sql.join(carriedTables.map((table) => sql.table(table)))} IN SHARE ROW EXCLUSIVE MODE`.execute(
    db,
  )

function refuseFilled(target: string, counts: TableCounts) {
  if (sum(Object.values(counts)) === 0) return
  const what = `${counts['forewarn.ticket']} tickets and ${counts['forewarn.device']} devices`
  throw new ForewarnError('TARGET_NOT_EMPTY', { target, what })
}

function assertSame(expected: TableCounts, found: TableCounts) {
  const wrong = carriedTables.filter((table) => expected[table] !== found[table])
  if (wrong.length === 0) return
  const problem = wrong.map((table) => `${table}: ${expected[table]} rows became ${found[table]}`).join(', ')
  throw new ForewarnError('INTERNAL', { problem: `nothing was moved, the copy is not complete (${problem})` })
}

async function waitingIn({ pool }: Pglite): Promise<number> {
  const queue = await createPgliteQueue(pool, { attempts: 1, backoffMs: 1 })
  try {
    return sum(Object.values(await queue.counts()))
  } finally {
    await queue.close()
  }
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0)
