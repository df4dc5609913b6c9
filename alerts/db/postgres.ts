import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { guardedPool } from './guardedPool.ts'
import { nameOf, type PostgresSettings, parsePostgresUrl } from './postgresUrl.ts'
import type { Database } from './schema.ts'

/** How long things may take, ms. */
export interface PostgresLimits {
  /** The server ends a statement after this. */
  readonly statementMs: number
  /** A transaction that does nothing for so long is undone: the locks of a process that hangs are free again. */
  readonly idleInTransactionMs: number
  readonly connections: number
}

/** Of everyday work: a ticket takes milliseconds. */
export const everydayLimits: PostgresLimits = {
  statementMs: 15_000,
  idleInTransactionMs: 30_000,
  connections: 10,
}

/** Of setting up and moving, which may wait for another process that does the same. */
export const patientLimits: PostgresLimits = {
  statementMs: 600_000,
  idleInTransactionMs: 600_000,
  connections: 1,
}

/** A connection in the making, or a free one of the pool, is waited for this long. */
const connectMs = 5_000
/** The server has ended a statement of its own before this: then it is not the server that is slow, but away. */
const answerGraceMs = 5_000

export interface PostgresConnection {
  readonly db: Kysely<Database>
  /** Server and database, without user and password. */
  readonly name: string
  /** Ends all connections, those that work after what they do. */
  close(): Promise<void>
}

/**
 * The database that `tickets.url` names; connects with the first statement. Each of its errors is TICKETS_UNAVAILABLE
 * or TICKETS_MISCONFIGURED where the server is away or refuses us. Throws CONFIG_INVALID.
 * @param onError hears of connections that break while nobody uses them; the next statement takes a new one
 */
export function connectPostgres(
  settings: PostgresSettings,
  limits: PostgresLimits,
  onError: (reason: Error) => void,
): PostgresConnection {
  const address = parsePostgresUrl(settings)
  const pool = new pg.Pool({
    ...address,
    max: limits.connections,
    connectionTimeoutMillis: connectMs,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    statement_timeout: limits.statementMs,
    query_timeout: limits.statementMs + answerGraceMs,
    idle_in_transaction_session_timeout: limits.idleInTransactionMs,
  })
  pool.on('error', onError)
  // One that is in use tells its error to whoever uses it; without a listener it would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined))
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool: guardedPool(pool) }) })
  let closed: Promise<void> | undefined
  return { db, name: nameOf(address), close: () => (closed ??= pool.end()) }
}
