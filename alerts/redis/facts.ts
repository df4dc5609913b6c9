import { Cluster, type Redis } from 'ioredis'
import { messageOf } from '../../core/errors.ts'
import type { RedisClient } from './client.ts'

/** What a Redis server says about itself. */
export interface ServerFacts {
  /** host:port */
  readonly name: string
  /** Missing where this user may not ask. */
  readonly info?: ServerInfo
}

export interface ServerInfo {
  readonly version: string
  /** What it throws away when memory is short; `noeviction`: nothing. Undefined where a service hides it. */
  readonly policy: string | undefined
  /** Whether it logs every write to disk; undefined where a service hides it. */
  readonly appendOnly: boolean | undefined
  readonly replicas: number
  /** Whether it refuses writes while no replica follows. */
  readonly needsReplica: boolean
}

/**
 * Asks the server, or every master of a cluster, through INFO: CONFIG is often forbidden, INFO seldom is.
 * Rejects as the client does where one does not answer.
 */
export const askServers = (client: RedisClient): Promise<ServerFacts[]> =>
  Promise.all((client instanceof Cluster ? client.nodes('master') : [client]).map(ask))

const sections = ['server', 'memory', 'persistence', 'replication'] as const

async function ask(server: Redis): Promise<ServerFacts> {
  const name = addressOf(server)
  try {
    // One section a call: several at once are new in Redis 7.
    const texts = await Promise.all(sections.map((section) => server.info(section)))
    return { name, info: readInfo(texts.join('\n')) }
  } catch (error) {
    if (!messageOf(error).startsWith('NOPERM')) throw error
    return { name }
  }
}

function addressOf({ stream, options }: Redis): string {
  const { remoteAddress, remotePort } = (stream ?? {}) as { remoteAddress?: string; remotePort?: number }
  return `${remoteAddress ?? options.host}:${remotePort ?? options.port}`
}

/** The answers of INFO, joined. */
export function readInfo(text: string): ServerInfo {
  const field = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(text)?.[1]
  const appendOnly = field('aof_enabled')
  return {
    version: field('valkey_version') ?? field('redis_version') ?? 'unknown',
    policy: field('maxmemory_policy'),
    appendOnly: appendOnly === undefined ? undefined : appendOnly === '1',
    replicas: Number(field('connected_slaves') ?? 0),
    needsReplica: field('min_slaves_good_slaves') !== undefined,
  }
}
