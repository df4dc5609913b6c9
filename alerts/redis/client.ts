import { Cluster, Redis } from 'ioredis'
import type { Config } from '../../core/config.ts'
import { readCa } from '../readCa.ts'
import type { RedisAddress } from './address.ts'

/** Commands are the same on both; what differs is how the server that takes them is found. */
export type RedisClient = Redis | Cluster

export type RedisSettings = Pick<Config['queue'], 'url' | 'caFile' | 'sentinelPassword'>

/** Half a second at first, five at last: a server that is being restarted is not stormed. */
const retryMs = (attempt: number) => Math.min(500 * attempt, 5_000)

/**
 * A server that became a replica (READONLY), or cut off a blocked client for that (UNBLOCKED), is the wrong one by now.
 * The command fails, its caller tries again: sent blindly it could go round in circles.
 */
const isNoMaster = (error: Error) => /^(READONLY|UNBLOCKED|MASTERDOWN)/.test(error.message)

/** Starts to connect; heals by itself for as long as it lives. Throws CONFIG_INVALID. */
export function createClient(address: RedisAddress, settings: RedisSettings): RedisClient {
  const shared = sharedOptions(address, readCa('queue.caFile', settings.caFile, address.tls))
  if (address.kind === 'cluster') return clusterClient(address, shared)
  if (address.kind === 'sentinel') return sentinelClient(address, settings, shared)
  return new Redis({ ...shared, ...address.hosts[0], retryStrategy: retryMs })
}

const sharedOptions = ({ username, password, db, tls }: RedisAddress, ca: string | undefined) => ({
  ...(username === undefined ? {} : { username }),
  ...(password === undefined ? {} : { password }),
  ...(tls ? { tls: ca === undefined ? {} : { ca } } : {}),
  db,
  // BullMQ's workers need it: a blocking command waits for the connection to come back.
  maxRetriesPerRequest: null,
  connectTimeout: 5_000,
  keepAlive: 10_000,
  // A cable that is pulled closes nothing: without it a connection hangs until the kernel gives up, a quarter of an hour.
  socketTimeout: 20_000,
  reconnectOnError: isNoMaster,
})

type SharedOptions = ReturnType<typeof sharedOptions>

function sentinelClient(
  address: RedisAddress,
  { sentinelPassword }: RedisSettings,
  shared: SharedOptions,
): Redis {
  return new Redis({
    ...shared,
    ...(shared.tls ? { sentinelTLS: shared.tls, enableTLSForSentinelMode: true } : {}),
    ...(sentinelPassword ? { sentinelPassword } : {}),
    sentinels: [...address.hosts],
    name: address.master!,
    retryStrategy: retryMs,
    sentinelRetryStrategy: retryMs,
    sentinelCommandTimeout: 2_000,
    // A master that hangs keeps its connections: only the Sentinels tell that it is master no more.
    failoverDetector: true,
  })
}

const clusterClient = (address: RedisAddress, shared: SharedOptions): Cluster =>
  new Cluster([...address.hosts], {
    redisOptions: shared,
    clusterRetryStrategy: retryMs,
    // A certificate names hosts: the default would look their addresses up and connect to those.
    ...(shared.tls ? { dnsLookup: (host, done) => done(null, host) } : {}),
  })
