import { ForewarnError, messageOf } from '../../core/errors.ts'

/** Codes of Node's network errors that a server which is away, restarting or unreachable gives. */
const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT',
])

/** What `pg` says without a code when a connection is lost, or nobody answers in time. */
const lostConnection =
  /connection terminated|timeout exceeded when trying to connect|query read timeout|not queryable/i

/**
 * SQLSTATEs (https://www.postgresql.org/docs/current/errcodes-appendix.html) of a server that cannot work right now:
 * connection exceptions, insufficient resources, a query cancelled for its time, shutting down or starting up, a
 * system error; and a standby that took no write, which is what a client still has after a failover.
 */
const away = /^(08|53|57P0|58)|^(57014|25006|25P03|40001|40P01|55P03)$/

/** SQLSTATEs of a server that will not let this client in, however often it asks: authorisation, rights, no such database. */
const misconfigured = /^(28|3D|42501$|08P01$)/

/** What TLS says of a certificate or of a server that speaks none. */
const untrusted = /certificate|altnames|SSL connection|SASL|password must be a string/i

/** SQLSTATE of an error, also of one that the guard has translated; undefined for one that is not PostgreSQL's. */
export function sqlState(error: unknown): string | undefined {
  const own = (error as { code?: unknown })?.code
  if (typeof own === 'string' && /^(?=.*\d)[0-9A-Z]{5}$/.test(own)) return own
  const cause = (error as { cause?: unknown })?.cause
  return cause === undefined ? undefined : sqlState(cause)
}

/** Two transactions stood in each other's way: this one was undone, and will pass when tried again. */
export const isConflict = (error: unknown): boolean => ['40001', '40P01'].includes(sqlState(error) ?? '')

/**
 * The error of the catalogue for what `pg` threw: TICKETS_UNAVAILABLE where trying again helps, TICKETS_MISCONFIGURED
 * where a person has to; anything else (a constraint, a mistake of ours) as it is.
 */
export function translate(error: unknown): unknown {
  if (error instanceof ForewarnError) return error
  const problem = problemOf(error)
  if (isMisconfigured(error, problem)) return new ForewarnError('TICKETS_MISCONFIGURED', { problem }, error)
  if (isAway(error, problem)) return new ForewarnError('TICKETS_UNAVAILABLE', { problem }, error)
  return error
}

function isMisconfigured(error: unknown, problem: string): boolean {
  const state = sqlState(error)
  return state === undefined ? untrusted.test(problem) : misconfigured.test(state)
}

function isAway(error: unknown, problem: string): boolean {
  const state = sqlState(error)
  if (state !== undefined) return away.test(state)
  return networkCodes.has(String((error as { code?: unknown })?.code)) || lostConnection.test(problem)
}

/** Node tries every address of a name and puts their errors into one without a message of its own. */
function problemOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0)
    return error.errors.map(messageOf).join('; ')
  return messageOf(error)
}
