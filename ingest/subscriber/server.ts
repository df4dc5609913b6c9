import { readFileSync } from 'node:fs'
import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls, createSecureContext } from 'node:tls'
import type { Config } from '../../core/config.ts'
import { ForewarnError, messageOf } from '../../core/errors.ts'

export type MqttVersion = Config['mqtt']['version']

/** The external broker, as mqtt.url and mqtt.caFile name it. */
export interface Server {
  /** Its URL as it may be shown: without user and password. */
  readonly shown: string
  readonly host: string
  readonly port: number
  readonly secure: boolean
  /** PEM of the authority to trust; undefined: those that Node.js trusts. */
  readonly ca: string | undefined
  readonly user: string | undefined
  readonly password: string | undefined
  readonly version: MqttVersion
}

/** Throws CONFIG_INVALID that names the key, and no password. */
export function serverOf({
  url,
  caFile,
  version,
}: Pick<Config['mqtt'], 'url' | 'caFile' | 'version'>): Server {
  const parsed = parseUrl(url)
  const secure = parsed.protocol === 'mqtts:'
  const port = Number(parsed.port) || (secure ? 8883 : 1883)
  return {
    shown: `${parsed.protocol}//${parsed.hostname}:${port}`,
    host: parsed.hostname.replace(/^\[|\]$/g, ''),
    port,
    secure,
    ca: authorityOf({ caFile }),
    user: plain(parsed.username),
    password: plain(parsed.password),
    version,
  }
}

/** What mqtt.caFile holds; undefined where it names nothing. Throws CONFIG_INVALID. */
export const authorityOf = ({ caFile }: Pick<Config['mqtt'], 'caFile'>): string | undefined =>
  caFile === '' ? undefined : readAuthority(caFile)

/** Opens the socket; whether it gets through, its events say. */
export function dial({ host, port, secure, ca }: Server): Socket {
  if (!secure) return connectTcp({ host, port, noDelay: true, keepAlive: true })
  const name = isIP(host) === 0 ? { servername: host } : {}
  return connectTls({ host, port, ...name, ...(ca === undefined ? {} : { ca }) }).setNoDelay(true)
}

function parseUrl(url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed?.hostname) return parsed
  const problem =
    'it names no host; what is no letter or digit in a user or password is percent-encoded (@ as %40, / as %2F)'
  throw invalid('mqtt.url', problem)
}

function readAuthority(file: string): string {
  try {
    const pem = readFileSync(file, 'utf8')
    createSecureContext({ ca: pem })
    if (!pem.includes('-----BEGIN CERTIFICATE-----')) throw new Error('there is no certificate in it')
    return pem
  } catch (error) {
    throw invalid('mqtt.caFile', `${file} cannot be used (${messageOf(error)})`, error)
  }
}

const invalid = (path: string, problem: string, cause?: unknown) =>
  new ForewarnError('CONFIG_INVALID', { path, problem, source: 'forewarn.yaml or the environment' }, cause)

/** Percent-encoding is taken back; a lone % stands for itself. */
function plain(text: string): string | undefined {
  if (text === '') return undefined
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
