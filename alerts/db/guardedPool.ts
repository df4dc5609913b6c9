import type { PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely'
import type pg from 'pg'
import { isConflict, sqlState, translate } from './away.ts'

/**
 * A pool as Kysely takes it, whose every error is one of the catalogue where the database is away or refuses us, and
 * that never gives out a connection again on which something broke.
 */
export const guardedPool = (pool: pg.Pool): PostgresPool => ({
  connect: async () => {
    try {
      return guarded(new GuardedClient(await pool.connect()))
    } catch (error) {
      throw translate(error)
    }
  },
  end: () => pool.end(),
})

/** Kysely asks for cursors only where they were set up, which they are not. */
const guarded = (client: GuardedClient): PostgresPoolClient => ({
  query: ((sql: string, parameters: readonly unknown[]) =>
    client.query(sql, parameters)) as PostgresPoolClient['query'],
  release: () => client.release(),
})

const begins = /^(begin|start transaction)\b/i
const ends = /^(commit|rollback)$/i

/** Tries of a statement that stands alone; a deadlock undoes one of two, the other one passes meanwhile. */
const mostTries = 5

class GuardedClient {
  private broken: unknown
  private inTransaction = false

  constructor(private readonly client: pg.PoolClient) {}

  async query<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>> {
    if (this.broken) return this.afterBreak(sql)
    if (begins.test(sql)) this.inTransaction = true
    else if (ends.test(sql)) this.inTransaction = false
    for (let attempt = 1; ; attempt++) {
      try {
        return (await this.client.query(sql, [...parameters])) as unknown as PostgresQueryResult<R>
      } catch (error) {
        const again = !this.inTransaction && !ends.test(sql) && isConflict(error) && attempt < mostTries
        if (!again) throw this.failed(error)
        await shortWhile(attempt)
      }
    }
  }

  release(): void {
    this.client.release(Boolean(this.broken))
  }

  private failed(error: unknown): unknown {
    const translated = translate(error)
    if (translated !== error && !survives(error)) this.broken = translated
    return translated
  }

  /** The server undoes what a connection leaves behind: there is nothing to roll back, and nobody to ask. */
  private async afterBreak<R>(sql: string): Promise<PostgresQueryResult<R>> {
    if (/^rollback$/i.test(sql)) return { command: 'SELECT', rowCount: 0, rows: [] }
    throw this.broken
  }
}

/** Errors after which the connection is as good as before: the statement was undone, the session lives. */
const survives = (error: unknown): boolean =>
  /^(40001|40P01|57014|55P03|42501|53100|53200)$/.test(sqlState(error) ?? '')

/** Not all after the same time: else they stand in each other's way again. */
export const shortWhile = (attempt: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, 10 * attempt + Math.random() * 20 * 2 ** attempt))
