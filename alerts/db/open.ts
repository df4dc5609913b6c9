import { type Kysely, sql } from 'kysely'
import type { Config } from '../../core/config.ts'
import { ForewarnError } from '../../core/errors.ts'
import { within } from '../deadline.ts'
import type { Pglite } from '../pglite/pglite.ts'
import { sqlState, translate } from './away.ts'
import { migrate, openDatabase } from './database.ts'
import { connectPostgres, everydayLimits, type PostgresConnection, patientLimits } from './postgres.ts'
import type { PostgresSettings } from './postgresUrl.ts'
import type { Database } from './schema.ts'

/** Where tickets, register and alarm state live. */
export interface TicketDatabase {
  readonly db: Kysely<Database>
  /** `pglite`, or server and database without user and password. */
  readonly name: string
  /** Resolves when it answers. Throws TICKETS_UNAVAILABLE within 3 s, or TICKETS_MISCONFIGURED. */
  ping(): Promise<void>
  /** The embedded database stays its owner's. */
  close(): Promise<void>
}

export interface TicketDatabaseParts {
  /** The embedded PostgreSQL; asked for only where `tickets.url` is `pglite:`. */
  readonly pglite: () => Promise<Pglite>
  readonly logger?: { warn(details: object, message: string): void } | undefined
}

/**
 * Opens the database that `tickets.url` names and brings it to the newest schema; several processes may do so at once.
 * Throws TICKETS_UNAVAILABLE when the server does not let us in within some 5 s (60 s while it says that it is
 * starting), TICKETS_MISCONFIGURED (wrong
 * password, no such database, missing rights, too old a server, made by a newer forewarn) and CONFIG_INVALID.
 */
export async function openTicketDatabase(
  settings: Config['tickets'],
  { pglite, logger }: TicketDatabaseParts,
): Promise<TicketDatabase> {
  if (settings.url.startsWith('pglite:')) {
    const db = await openDatabase((await pglite()).pool)
    return { db, name: 'pglite', ping: () => ping(db), close: async () => undefined }
  }
  const onError = (reason: Error) => logger?.warn({ err: reason }, 'ticket database')
  await preparePostgres(settings, onError)
  const { db, name, close } = connectPostgres(settings, everydayLimits, onError)
  return { db, name, ping: () => ping(db), close }
}

const pingMs = 3_000

async function ping(db: Kysely<Database>): Promise<void> {
  const answer = sql`SELECT 1`.execute(db)
  await within(answer, pingMs).catch((reason) => {
    const translated = translate(reason)
    if (translated instanceof ForewarnError) throw translated
    throw new ForewarnError('TICKETS_UNAVAILABLE', { problem: (reason as Error).message }, reason)
  })
}

/**
 * Checks the server and brings its schema up to date, with patience for another process that does so. Throws as
 * `openTicketDatabase` does.
 */
export async function preparePostgres(
  settings: PostgresSettings,
  onError: (reason: Error) => void,
): Promise<void> {
  const setup = connectPostgres(settings, patientLimits, onError)
  try {
    await patiently(() => assertVersion(setup.db))
    await migrate(setup.db, { newer: (problem) => new ForewarnError('TICKETS_MISCONFIGURED', { problem }) })
  } catch (error) {
    throw named(setup, error)
  } finally {
    await setup.close()
  }
}

const patienceMs = 5_000
/** One that says that it is starting, or recovering from a crash, is on its way. */
const startingMs = 60_000
const againMs = 250

/** A server that is just starting gets a moment: with Docker Compose everything starts at once. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  const begin = performance.now()
  for (;;) {
    try {
      return await work()
    } catch (error) {
      const away = error instanceof ForewarnError && error.code === 'TICKETS_UNAVAILABLE'
      const patience = sqlState(error) === '57P03' ? startingMs : patienceMs
      if (!away || performance.now() - begin > patience) throw error
      await new Promise((resolve) => setTimeout(resolve, againMs))
    }
  }
}

/** `server_version_num` of the oldest version that is tested by its makers, and with it by us. */
export const oldestVersion = 130_000

async function assertVersion(db: Kysely<Database>): Promise<void> {
  const { number, text } = await serverVersion(db)
  if (number >= oldestVersion) return
  throw new ForewarnError('TICKETS_MISCONFIGURED', { problem: `it runs PostgreSQL ${text}` })
}

export async function serverVersion(db: Kysely<Database>): Promise<{ number: number; text: string }> {
  const { rows } = await sql<{ number: string; text: string }>`
    SELECT current_setting('server_version_num') AS number, current_setting('server_version') AS text`.execute(
    db,
  )
  return { number: Number(rows[0]!.number), text: rows[0]!.text }
}

/** The error with the server's name before it, and with the missing right where one is missing. */
function named({ name }: PostgresConnection, error: unknown): unknown {
  if (!(error instanceof ForewarnError) || !/^TICKETS_/.test(error.code)) return error
  const problem = `${name}: ${error.details.problem}${sqlState(error) === '42501' ? `; ${missingRight}` : ''}`
  return new ForewarnError(error.code, { ...error.details, problem }, error.cause ?? error)
}

const missingRight =
  'its user needs the right to make the schema forewarn: GRANT CREATE ON DATABASE, or as an administrator ' +
  'CREATE SCHEMA forewarn AUTHORIZATION that user'
