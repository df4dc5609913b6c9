import { Kysely, PostgresDialect, sql } from 'kysely'
import type pg from 'pg'
import { ForewarnError } from '../../core/errors.ts'
import { type Migration, migrations } from './migrations/index.ts'
import type { Database } from './schema.ts'

/** Any number, as long as nobody else's advisory lock in this database has it. */
const migrationLock = 0x466f7265

/**
 * The typed database over PGlite's pool, brought to the newest schema. The pool stays its owner's: do not call
 * `destroy()` on the result. Throws DATA_FOLDER_UNUSABLE for a database that a newer forewarn has made.
 */
export async function openDatabase(pool: pg.Pool): Promise<Kysely<Database>> {
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) })
  await migrate(db)
  return db
}

export interface MigrateOptions {
  readonly wanted?: readonly Migration[]
  /** The error for a database that a newer forewarn has made. */
  readonly newer?: (problem: string) => ForewarnError
}

const inDataFolder = (problem: string) =>
  new ForewarnError('DATA_FOLDER_UNUSABLE', { folder: 'database', problem })

/** Applies what is missing, all of it or nothing; several processes that start at once take turns. */
export async function migrate(
  db: Kysely<Database>,
  { wanted = migrations, newer = inDataFolder }: MigrateOptions = {},
): Promise<string[]> {
  // Whoever waited for the lock has to see what the one before has made, whatever the database's own default is.
  return db
    .transaction()
    .setIsolationLevel('read committed')
    .execute(async (trx) => {
      await sql`SELECT pg_advisory_xact_lock(${migrationLock})`.execute(trx)
      await makeSchema(trx)
      const applied = await trx.selectFrom('forewarn.migration').select('name').execute()
      const known = new Set(applied.map((row) => row.name))
      refuseNewer(known, wanted, newer)
      const missing = wanted.filter((migration) => !known.has(migration.name))
      for (const { name, up } of missing) {
        await up(trx as unknown as Kysely<unknown>)
        await trx.insertInto('forewarn.migration').values({ name, applied_at: Date.now() }).execute()
      }
      return missing.map((migration) => migration.name)
    })
}

/** IF NOT EXISTS asks for the right to create first: a user without it could not use what an administrator has made. */
async function makeSchema(db: Kysely<Database>): Promise<void> {
  if (!(await exists(db, sql`SELECT FROM pg_namespace WHERE nspname = 'forewarn'`))) {
    await sql`CREATE SCHEMA forewarn`.execute(db)
  }
  const table = sql`SELECT FROM pg_tables WHERE schemaname = 'forewarn' AND tablename = 'migration'`
  if (!(await exists(db, table))) {
    await sql`CREATE TABLE forewarn.migration (name text PRIMARY KEY, applied_at bigint NOT NULL)`.execute(db)
  }
}

async function exists(db: Kysely<Database>, query: ReturnType<typeof sql>): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`SELECT EXISTS (${query}) AS found`.execute(db)
  return rows[0]!.found
}

function refuseNewer(
  known: ReadonlySet<string>,
  wanted: readonly Migration[],
  newer: (problem: string) => ForewarnError,
) {
  const foreign = [...known].find((name) => !wanted.some((migration) => migration.name === name))
  if (foreign === undefined) return
  throw newer(`its database was made by a newer forewarn (it has ${foreign}); use that version or newer`)
}
