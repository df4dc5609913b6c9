import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { ForewarnError, messageOf } from '../../core/errors.ts'
import { type AllowList, refusalOf } from './addresses.ts'

/** Where a webhook goes: the name is looked up once, and the connection is made to the very address that was checked. */
export interface Target {
  readonly url: URL
  readonly address: string
  readonly family: 4 | 6
}

export type Lookup = (host: string) => Promise<readonly { address: string; family: number }[]>

const systemLookup: Lookup = (host) => lookup(host, { all: true, verbatim: true })

/**
 * What is wrong with a URL by itself, without looking anything up: used when a receiver is told, and again at each try.
 * Throws TARGET_REFUSED.
 */
export function parseTarget(text: string, allow: AllowList): URL {
  if (!URL.canParse(text)) throw refused(text, 'it is no URL')
  const url = new URL(text)
  if (!['http:', 'https:'].includes(url.protocol))
    throw refused(text, 'it begins neither with https:// nor with http://')
  if (url.username !== '' || url.password !== '')
    throw refused(withoutLogin(url), 'a user or password stands in it')
  const host = hostOf(url)
  if (isIP(host) !== 0 && !isAllowed(host, allow)) {
    const problem = refusalOf(host, allow)
    if (problem !== undefined) throw refused(host, problem)
  }
  return url
}

/** Looks the host up and checks every address it has. Throws TARGET_REFUSED, or the error of the look-up. */
export async function resolveTarget(
  text: string,
  allow: AllowList,
  lookUp: Lookup = systemLookup,
): Promise<Target> {
  const url = parseTarget(text, allow)
  const host = hostOf(url)
  const addresses = isIP(host) !== 0 ? [{ address: host, family: isIP(host) }] : await named(host, lookUp)
  if (!isAllowed(host, allow)) {
    for (const { address } of addresses) {
      const problem = refusalOf(address, allow)
      if (problem !== undefined) throw refused(host, problem)
    }
  }
  const { address, family } = addresses[0]!
  return { url, address, family: family === 6 ? 6 : 4 }
}

const isAllowed = (host: string, { hosts }: AllowList): boolean => hosts.has(host)

/** As the URL has it: lower case, IPv4 in four decimal parts whatever was written, IPv6 without its brackets. */
const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')

async function named(host: string, lookUp: Lookup) {
  const found = await lookUp(host).catch((error: Error) => {
    throw new Error(`${host} was not found: ${messageOf(error)}`, { cause: error })
  })
  if (found.length === 0) throw new Error(`${host} has no address`)
  return found
}

const withoutLogin = ({ protocol, host }: URL): string => `${protocol}//${host}`

const refused = (target: string, problem: string) =>
  new ForewarnError('TARGET_REFUSED', { target: target.slice(0, 200), problem })
