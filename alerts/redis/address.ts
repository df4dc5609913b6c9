import { ForewarnError } from '../../core/errors.ts'

export interface RedisHost {
  readonly host: string
  readonly port: number
}

/** What a `queue.url` of the redis family says. */
export interface RedisAddress {
  readonly kind: 'single' | 'sentinel' | 'cluster'
  readonly tls: boolean
  /** The server itself, the Sentinels, or nodes of the cluster; at least one. */
  readonly hosts: readonly [RedisHost, ...RedisHost[]]
  readonly username?: string
  readonly password?: string
  readonly db: number
  /** The name under which the Sentinels know the master. */
  readonly master?: string
  /** Scheme, hosts and path: the address as it may be shown. */
  readonly name: string
}

const shape =
  /^(rediss?)(?:\+(sentinel|cluster))?:\/\/(?:([^/@:]*)(?::([^/]*))?@)?([^/@?]+)(?:\/([^/?]*))?(?:\/(\d+))?(?:\?(?:db=(\d+))?)?$/

const usualPort = { single: 6379, sentinel: 26379, cluster: 6379 } as const

/**
 * Reads `redis(s)://[user:password@]host[:6379][/db]`, `redis(s)+sentinel://[user:password@]host[:26379],.../master[?db=n]`
 * and `redis(s)+cluster://[user:password@]host[:6379],...`. User and password are the servers', percent-encoded.
 * Throws CONFIG_INVALID, which never repeats the password.
 */
export function parseRedisUrl(url: string): RedisAddress {
  const [, scheme, form, user, secret, hostList, path = '', db, query] = shape.exec(url) ?? []
  if (!scheme || !hostList) throw invalid('expected redis://[user:password@]host:6379 or a list of hosts')
  const kind = (form ?? 'single') as RedisAddress['kind']
  const hosts = hostList.split(',').map((text) => hostOf(text, usualPort[kind]))
  if (kind === 'single' && hosts.length > 1) {
    throw invalid('several hosts need redis+sentinel:// or redis+cluster://')
  }
  const name = `${scheme}${form ? `+${form}` : ''}://${hostList}${path ? `/${path}` : ''}`
  return {
    kind,
    tls: scheme === 'rediss',
    hosts: hosts as [RedisHost, ...RedisHost[]],
    ...credentials(user, secret),
    ...places(kind, path, db ?? query),
    name,
  }
}

/** Never repeats a part of the URL: with a stray / or @ in the password any part may be a piece of it. */
const invalid = (problem: string) =>
  new ForewarnError('CONFIG_INVALID', {
    path: 'queue.url',
    problem,
    source: 'forewarn.yaml or the environment',
  })

function hostOf(text: string, fallback: number): RedisHost {
  const [, bracketed, plain, port] = /^(?:\[([0-9A-Fa-f:.]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(text) ?? []
  const host = bracketed ?? plain
  if (!host || Number(port) > 65_535)
    throw invalid('one of the hosts is no host:port (a / in the password is written %2F)')
  return { host, port: port === undefined ? fallback : Number(port) }
}

function credentials(user: string | undefined, secret: string | undefined) {
  const username = decode(user)
  const password = decode(secret)
  return { ...(username ? { username } : {}), ...(password ? { password } : {}) }
}

function decode(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : decodeURIComponent(text)
  } catch {
    throw invalid('user or password is not percent-encoded (% is %25, @ is %40, / is %2F)')
  }
}

/** What stands behind the hosts: a database of a single server, the master's name of Sentinels, nothing of a cluster. */
function places(kind: RedisAddress['kind'], path: string, number: string | undefined) {
  if (kind === 'sentinel') {
    if (!path) throw invalid('the name of the master is missing: redis+sentinel://host:26379,.../master')
    return { master: decodeURIComponent(path), db: Number(number ?? 0) }
  }
  const db = path || (number ?? '0')
  if (!/^\d+$/.test(db)) throw invalid('what stands behind the host is the number of a database')
  if (kind === 'cluster' && db !== '0') throw invalid('a cluster has no database but 0')
  return { db: Number(db) }
}
