import type { Kysely, Transaction } from 'kysely'
import { isConflict } from './away.ts'
import { shortWhile } from './guardedPool.ts'
import type { Database } from './schema.ts'

const mostTries = 5

/**
 * Runs `work` in a transaction, and all of it again when that stood in another one's way (deadlock, serialization
 * failure): `work` must do nothing but database work. Each statement sees what was committed before it, whatever the
 * database's own default is: those who wait for a device's turn have to see what the one before them did.
 */
export async function transact<T>(
  db: Kysely<Database>,
  work: (trx: Transaction<Database>) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.transaction().setIsolationLevel('read committed').execute(work)
    } catch (error) {
      if (!isConflict(error) || attempt === mostTries) throw error
      await shortWhile(attempt)
    }
  }
}
