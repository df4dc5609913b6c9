import type { ConnectionOptions } from 'node:tls'
import type { Config } from '../../core/config.ts'
import { ForewarnError } from '../../core/errors.ts'
import { readCa } from '../readCa.ts'

export type PostgresSettings = Config['tickets']

/** What `tickets.url` says, in the words of `pg`. */
export interface PostgresAddress {
  readonly host?: string
  readonly port?: number
  readonly user?: string
  readonly password?: string
  readonly database?: string
  readonly ssl: false | ConnectionOptions
  readonly application_name: string
}

const invalid = (problem: string) =>
  new ForewarnError('CONFIG_INVALID', {
    path: 'tickets.url',
    problem,
    source: 'forewarn.yaml or the environment',
  })

/**
 * Reads `postgres://user:password@host:5432/database?sslmode=...`, sslmode as libpq has it
 * (https://www.postgresql.org/docs/current/libpq-ssl.html). Throws CONFIG_INVALID, which never repeats the password.
 */
export function parsePostgresUrl({ url, caFile }: PostgresSettings): PostgresAddress {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (!parsed)
    throw invalid(
      'expected postgres://user:password@host:5432/database, in the password %40 for @, %2F for /',
    )
  const {
    sslmode = 'disable',
    host: socket,
    application_name,
    ...others
  } = Object.fromEntries(parsed.searchParams)
  const [unknown] = Object.keys(others)
  if (unknown !== undefined)
    throw invalid(`the parameter ${unknown} is not known; there are sslmode, host, application_name`)
  const host = socket ?? parsed.hostname.replace(/^\[|\]$/g, '')
  const fields = {
    host,
    port: parsed.port && Number(parsed.port),
    user: decoded(parsed.username),
    password: decoded(parsed.password),
    database: decoded(parsed.pathname.slice(1)),
  }
  return {
    ...Object.fromEntries(Object.entries(fields).filter(([, value]) => value)),
    ssl: tlsOf(sslmode, caFile),
    application_name: application_name ?? 'forewarn',
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw invalid('user, password or database is not percent-encoded (% is %25)')
  }
}

/**
 * `require` encrypts, and checks the certificate only where caFile names who signed it; `verify-ca` checks who signed
 * it; `verify-full` also that it is the host's own.
 */
function tlsOf(sslmode: string, caFile: string): false | ConnectionOptions {
  const ca = readCa('tickets.caFile', caFile, sslmode !== 'disable')
  const trusted = ca === undefined ? {} : { ca }
  const anyName = { checkServerIdentity: () => undefined }
  switch (sslmode) {
    case 'disable':
      return false
    case 'require':
      return ca === undefined ? { rejectUnauthorized: false } : { ...trusted, ...anyName }
    case 'verify-ca':
      return { ...trusted, ...anyName }
    case 'verify-full':
      return trusted
    default:
      throw invalid(`sslmode is disable, require, verify-ca or verify-full, not ${sslmode}`)
  }
}

/** The server and database, without user and password. */
export function nameOf({ host = 'localhost', port = 5432, database, user }: PostgresAddress): string {
  const place = host.includes(':') ? `[${host}]` : host
  return `postgres://${place}:${port}/${database ?? user ?? ''}`
}
