import { readFileSync } from 'node:fs'
import pg from 'pg'
import type { Config } from '../../core/config.ts'

/** A few connections to the PostgreSQL of `tickets.url`, for as long as a command runs. */
export function openPostgres({ url, caFile }: Config['tickets']): pg.Pool {
  const ssl = caFile ? { ssl: { ca: readFileSync(caFile, 'utf8') } } : {}
  const pool = new pg.Pool({ connectionString: url, max: 4, connectionTimeoutMillis: 10_000, ...ssl })
  // what an idle connection says, the next query says again
  pool.on('error', () => undefined)
  return pool
}
