import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type pg from 'pg'
import { openDatabase } from '../alerts/db/database.ts'
import type { Database } from '../alerts/db/schema.ts'
import { openPglite } from '../alerts/pglite/pglite.ts'
import type { Around } from './around.ts'

/** The ticket database, and the embedded PostgreSQL where the queue or the tickets need it. */
export interface Databases {
  readonly db: Kysely<Database>
  readonly embedded: pg.Pool
  ping(): Promise<void>
}

export async function openDatabases({ closers, onFatal }: Around, folder: string): Promise<Databases> {
  const pglite = await openPglite({ folder, onFatal })
  closers.add('PGlite', () => pglite.close())
  const db = await openDatabase(pglite.pool)
  return {
    db,
    embedded: pglite.pool,
    ping: async () => {
      await sql`SELECT 1`.execute(db)
    },
  }
}
