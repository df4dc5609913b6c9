import { Cluster } from 'ioredis'
import { ForewarnError, messageOf } from '../../core/errors.ts'
import { within } from '../deadline.ts'
import { parseRedisUrl, type RedisAddress } from './address.ts'
import { createClient, type RedisClient, type RedisSettings } from './client.ts'
import { askServers, type ServerFacts } from './facts.ts'
import { findRisks, type RedisRisk } from './risks.ts'

export interface RedisHooks {
  /** Hears of lost connections, again and again until the server is back. */
  readonly onError?: ((reason: Error) => void) | undefined
  /** Hears of settings that put data at risk: at the start, and of a server that is connected to later. */
  readonly onRisk?: ((risk: RedisRisk) => void) | undefined
}

/**
 * A connection to Redis that heals by itself, follows a failover of Sentinels and the slots of a cluster. While Redis
 * is away its commands wait: give each a deadline.
 */
export interface RedisLink {
  readonly client: RedisClient
  readonly kind: RedisAddress['kind']
  /** The address without user and password. */
  readonly name: string
  /** Whether this user may ask for INFO; BullMQ would otherwise not start. */
  readonly mayAskInfo: boolean
  /**
   * A further connection of the same kind, closed with the link at the latest. `patient`, for blocking commands or a
   * subscription: what is asked while Redis is away waits for it. `prompt`: it fails at once, and without an answer
   * after 5 s.
   */
  duplicate(manner?: 'patient' | 'prompt'): RedisClient
  /** Cuts all connections; what waits for an answer rejects. */
  close(): Promise<void>
}

const patienceMs = 5_000

/**
 * Connects and looks whether the servers keep what they are given.
 * Throws QUEUE_UNAVAILABLE when nobody answers within 5 s, QUEUE_MISCONFIGURED on a server that evicts keys, and
 * CONFIG_INVALID.
 */
export async function connectRedis(settings: RedisSettings, hooks: RedisHooks = {}): Promise<RedisLink> {
  const connected = await openRedis(settings, hooks)
  const { link, address, servers } = connected
  try {
    judge(address, servers, hooks)
  } catch (error) {
    await link.close()
    throw error
  }
  link.client.on('ready', () => {
    askServers(link.client).then(
      (facts) => report(findRisks(address.kind, facts), hooks),
      (reason) => hooks.onError?.(reason),
    )
  })
  return link
}

function judge(address: RedisAddress, servers: readonly ServerFacts[], hooks: RedisHooks) {
  const risks = findRisks(address.kind, servers)
  const [worst] = risks
  if (worst?.level === 'problem') throw new ForewarnError('QUEUE_MISCONFIGURED', { ...worst })
  report(risks, hooks)
}

const report = (risks: readonly RedisRisk[], { onRisk }: RedisHooks) => {
  for (const risk of risks) onRisk?.(risk)
}

export interface OpenedRedis {
  readonly link: RedisLink
  readonly address: RedisAddress
  readonly servers: readonly ServerFacts[]
}

/** Connects, whatever the servers' settings are. Throws QUEUE_UNAVAILABLE and CONFIG_INVALID. */
export async function openRedis(settings: RedisSettings, hooks: RedisHooks = {}): Promise<OpenedRedis> {
  const address = parseRedisUrl(settings.url)
  const client = createClient(address, settings)
  const trouble = watch(client, address, hooks)
  try {
    await within(untilReady(client), patienceMs)
    const servers = await within(askServers(client), patienceMs)
    const mayAskInfo = servers.every(({ info }) => info !== undefined)
    return { link: linkOf(client, address, mayAskInfo, hooks), address, servers }
  } catch (error) {
    client.disconnect()
    const known = trouble() ?? error
    const reason = address.kind === 'cluster' ? ((await troubleOfNode(address, settings)) ?? known) : known
    throw new ForewarnError('QUEUE_UNAVAILABLE', { problem: `${address.name}: ${messageOf(reason)}` }, reason)
  }
}

/** Listens for trouble; the returned function tells the one that says most about why there is no connection. */
function watch(client: RedisClient, address: RedisAddress, hooks: RedisHooks): () => Error | undefined {
  let trouble: Error | undefined
  let sentinels: Error | undefined
  client.on('error', (reason: Error & { lastNodeError?: Error }) => {
    trouble = reason.lastNodeError ?? reason
    hooks.onError?.(reason)
  })
  client.on('sentinelError', (reason: Error) => {
    sentinels = /invalid reply: null|No such master/.test(reason.message)
      ? new Error(`the Sentinels know no master with the name ${address.master}`)
      : reason
  })
  client.on('ready', () => {
    trouble = undefined
    sentinels = undefined
  })
  return () => sentinels ?? trouble
}

/** A cluster only says that connections were closed; a node that is asked alone says why. */
async function troubleOfNode(address: RedisAddress, settings: RedisSettings): Promise<Error | undefined> {
  const node = createClient({ ...address, kind: 'single' }, settings)
  try {
    const trouble = new Promise<Error>((resolve) => node.once('error', resolve))
    return await within(Promise.race([trouble, untilReady(node).then(() => undefined)]), patienceMs)
  } catch {
    return undefined
  } finally {
    node.on('error', () => undefined)
    node.disconnect()
  }
}

const untilReady = (client: RedisClient) =>
  new Promise<void>((resolve) => {
    if (client.status === 'ready') resolve()
    else client.once('ready', () => resolve())
  })

/** Nothing gathers while Redis is away, and nothing waits for ever for one that hangs. */
const promptly = { enableOfflineQueue: false, maxRetriesPerRequest: 0, commandTimeout: patienceMs } as const

function duplicateOf(client: RedisClient, changes: Partial<typeof promptly>): RedisClient {
  if (!(client instanceof Cluster)) return client.duplicate(changes)
  const { enableOfflineQueue = true, ...perServer } = changes
  const redisOptions = { ...client.options.redisOptions, ...perServer }
  // the types of ioredis forbid the undefined that its own options may hold
  return client.duplicate([], { enableOfflineQueue, redisOptions } as Parameters<Cluster['duplicate']>[1])
}

function linkOf(
  client: RedisClient,
  { kind, name }: RedisAddress,
  mayAskInfo: boolean,
  hooks: RedisHooks,
): RedisLink {
  const all = new Set<RedisClient>([client])
  const duplicate: RedisLink['duplicate'] = (manner = 'patient') => {
    const further = duplicateOf(client, manner === 'prompt' ? promptly : {})
    all.add(further)
    further.on('error', (reason: Error) => hooks.onError?.(reason))
    further.once('end', () => all.delete(further))
    return further
  }
  const close = async () => {
    for (const one of all) one.disconnect()
  }
  // BullMQ and others listen to it, too; not 0, for BullMQ adds to the number.
  client.setMaxListeners(100)
  return { client, kind, name, mayAskInfo, duplicate, close }
}
