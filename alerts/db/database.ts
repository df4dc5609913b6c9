import { Kysely, PostgresDialect, sql } from 'kysely'
import type pg from 'pg'
import { ForewarnError } from '../../core/errors.ts'
import { type Migration, migrations } from './migrations/index.ts'
import type { Database } from './schema.ts'

/** Any number, as long as nobody else's advisory lock in this database has it. */
const migrationLock = 0x466f7265

/**
 * The typed database over a pool, PGlite's or a PostgreSQL server's, brought to the newest schema.
 * The pool stays its owner's: do not call `destroy()` on the result.
 */
export async function openDatabase(pool: pg.Pool): Promise<Kysely<Database>> {
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) })
  await migrate(db)
  return db
}

/** Applies what is missing, all of it or nothing; several processes that start at once take turns. */
export async function migrate(
  db: Kysely<Database>,
  wanted: readonly Migration[] = migrations,
): Promise<string[]> {
  return db.transaction().execute(async (trx) => {
    await sql`SELECT pg_advisory_xact_lock(${migrationLock})`.execute(trx)
    await sql`CREATE SCHEMA IF NOT EXISTS forewarn`.execute(trx)
    await sql`CREATE TABLE IF NOT EXISTS forewarn.migration (name text PRIMARY KEY, applied_at bigint NOT NULL)`.execute(
      trx,
    )
    const applied = await trx.selectFrom('forewarn.migration').select('name').execute()
    const known = new Set(applied.map((row) => row.name))
    refuseNewer(known, wanted)
    const missing = wanted.filter((migration) => !known.has(migration.name))
    for (const { name, up } of missing) {
      await up(trx as unknown as Kysely<unknown>)
      await trx.insertInto('forewarn.migration').values({ name, applied_at: Date.now() }).execute()
    }
    return missing.map((migration) => migration.name)
  })
}

function refuseNewer(known: ReadonlySet<string>, wanted: readonly Migration[]) {
  const foreign = [...known].find((name) => !wanted.some((migration) => migration.name === name))
  if (foreign === undefined) return
  const problem = `its database was made by a newer forewarn (it has ${foreign}); use that version or newer`
  throw new ForewarnError('DATA_FOLDER_UNUSABLE', { folder: 'database', problem })
}
