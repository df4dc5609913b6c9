import { Redis } from 'ioredis'
import { until } from '../support/forewarnProcess.ts'
import { type Service, startService } from './harness.ts'

/** The name under which the Sentinels know the master. */
const masterName = 'forewarn'

export interface SentinelSetup {
  /** As `queue.url` takes it. */
  readonly url: string
  readonly sentinels: readonly Service[]
  /** Every Redis server, whatever its role is by now. */
  readonly servers: readonly Service[]
  /** The server that the Sentinels name as the master. */
  master(): Promise<Service>
  replicas(): Promise<Service[]>
  /**
   * Kills the master; resolves when another one takes writes. Returns the killed one, which can be started again: it
   * becomes a replica.
   */
  failover(): Promise<Service>
  close(): Promise<void>
}

export interface SentinelOptions {
  /** Further lines of every Redis server's configuration. */
  readonly settings?: string
  /** Of the Sentinels themselves; none by default. */
  readonly sentinelPassword?: string
}

/**
 * One master, two replicas, three Sentinels. The servers refuse a write that no replica can follow
 * (min-replicas-to-write); a write is acknowledged before a replica has it all the same, see `WAIT`.
 */
export async function startSentinel(options: SentinelOptions = {}): Promise<SentinelSetup> {
  const started: Service[] = []
  const close = async () => {
    for (const service of started.toReversed()) await service.close()
  }
  const start = async (name: 'redis-server' | 'redis-sentinel', settings: string) => {
    const service = await startService(name, settings)
    started.push(service)
    return service
  }
  try {
    return await compose(start, close, options)
  } catch (error) {
    await close()
    throw error
  }
}

const replication = (settings: string) => `
min-replicas-to-write 1
min-replicas-max-lag 5
repl-diskless-sync-delay 0
repl-ping-replica-period 1
${settings}`

const watching = (port: number, password: string) => `
sentinel monitor ${masterName} 127.0.0.1 ${port} 2
sentinel down-after-milliseconds ${masterName} 1000
sentinel failover-timeout ${masterName} 5000
${password ? `requirepass ${password}` : ''}`

async function compose(
  start: (name: 'redis-server' | 'redis-sentinel', settings: string) => Promise<Service>,
  close: () => Promise<void>,
  { settings = '', sentinelPassword = '' }: SentinelOptions,
): Promise<SentinelSetup> {
  const first = await start('redis-server', replication(settings))
  const following = `replicaof 127.0.0.1 ${first.port}\n${replication(settings)}`
  const servers = [first, await start('redis-server', following), await start('redis-server', following)]
  const sentinels: Service[] = []
  for (let i = 0; i < 3; i++)
    sentinels.push(await start('redis-sentinel', watching(first.port, sentinelPassword)))

  const master = async () => {
    const port = await masterPort(sentinels[0]!, sentinelPassword)
    return servers.find((server) => server.port === port)!
  }
  const failover = async () => {
    const lost = await master()
    await lost.stop('SIGKILL')
    await until(master, (now) => now !== lost, 30_000)
    await until(async () => takesWrites(await master()), Boolean, 30_000)
    return lost
  }
  await until(() => takesWrites(first), Boolean)
  await until(
    () => Promise.all(sentinels.map((sentinel) => knowsAll(sentinel, sentinelPassword))),
    (known) => known.every(Boolean),
  )
  const url = `redis+sentinel://${sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',')}/${masterName}`
  const replicas = async () => {
    const current = await master()
    return servers.filter((server) => server !== current && server.pid() !== undefined)
  }
  return { url, sentinels, servers, master, replicas, failover, close }
}

/** One question to one server. */
async function ask<T>(
  service: Service,
  question: (redis: Redis) => Promise<T>,
  password?: string,
): Promise<T> {
  const options = { retryStrategy: null, lazyConnect: true, ...(password ? { password } : {}) }
  const redis = new Redis(service.port, '127.0.0.1', options)
  redis.on('error', () => undefined)
  try {
    await redis.connect()
    return await question(redis)
  } finally {
    redis.disconnect()
  }
}

const masterPort = (sentinel: Service, password: string) =>
  ask(
    sentinel,
    async (redis) => {
      const [, port] = (await redis.call('SENTINEL', 'get-master-addr-by-name', masterName)) as [
        string,
        string,
      ]
      return Number(port)
    },
    password,
  )

const takesWrites = (service: Service) =>
  ask(service, (redis) => redis.set('probe', '1', 'PX', 1)).then(
    () => true,
    () => false,
  )

/** Whether a Sentinel has found both replicas and both other Sentinels: before that it cannot fail over. */
const knowsAll = (sentinel: Service, password: string) =>
  ask(
    sentinel,
    async (redis) => {
      const fields = (await redis.call('SENTINEL', 'master', masterName)) as string[]
      const field = (name: string) => fields[fields.indexOf(name) + 1]
      return field('num-slaves') === '2' && field('num-other-sentinels') === '2'
    },
    password,
  )
