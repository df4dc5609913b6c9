import { once } from 'node:events'
import { Redis } from 'ioredis'
import { afterEach, expect, it } from 'vitest'
import { openQueue } from '../../alerts/queue/open.ts'
import { createRedisQueue } from '../../alerts/queue/redisQueue.ts'
import { examineRedis } from '../../alerts/redis/examine.ts'
import { connectRedis } from '../../alerts/redis/link.ts'
import type { RedisRisk } from '../../alerts/redis/risks.ts'
import { fresh, queueSettings, until } from '../contracts/queue.suite.ts'
import { describeService, freePort, startService } from './harness.ts'
import { startCluster } from './redisCluster.ts'
import { startSentinel } from './redisSentinel.ts'

const settings = (url: string, more: Partial<typeof queueSettings> = {}) => ({
  ...queueSettings,
  url,
  ...more,
})

describeService('redis-server', 'the connection to Redis', () => {
  const started: { close(): Promise<void> }[] = []
  const keep = <T extends { close(): Promise<void> }>(one: T): T => {
    started.push(one)
    return one
  }
  const redis = async (lines = '') => keep(await startService('redis-server', lines))
  const connect = async (...args: Parameters<typeof connectRedis>) => keep(await connectRedis(...args))
  afterEach(async () => {
    for (const one of started.splice(0).toReversed()) await one.close()
  })

  it.each(['allkeys-lru', 'volatile-ttl'])('refuses a server with maxmemory-policy %s', async (policy) => {
    const { url } = await redis(`maxmemory-policy ${policy}`)
    await expect(openQueue(settings(url), {})).rejects.toMatchObject({
      code: 'QUEUE_MISCONFIGURED',
      next: 'stop',
      message: expect.stringContaining(policy),
      remedy: expect.stringContaining('maxmemory-policy noeviction'),
    })
  })

  it('refuses it also where CONFIG is denied, and a cluster of which one master evicts', async () => {
    const { url } = await redis('maxmemory-policy allkeys-lru\nuser app on >secret ~* &* +@all -config')
    const asApp = url.replace('redis://', 'redis://app:secret@')
    await expect(connectRedis(settings(asApp))).rejects.toMatchObject({ code: 'QUEUE_MISCONFIGURED' })

    const cluster = keep(await startCluster())
    const last = new Redis(cluster.nodes[2]!.url)
    await last.config('SET', 'maxmemory-policy', 'allkeys-random')
    last.disconnect()
    await expect(connectRedis(settings(cluster.url))).rejects.toMatchObject({
      code: 'QUEUE_MISCONFIGURED',
      message: expect.stringContaining(`:${cluster.nodes[2]!.port}`),
    })
  })

  it('warns without AOF, and of a policy that changes while it runs', async () => {
    const service = await redis('appendonly no')
    const risks: RedisRisk[] = []
    const link = await connect(settings(service.url), { onRisk: (risk) => risks.push(risk) })
    expect(risks).toMatchObject([{ level: 'warning', setting: expect.stringContaining('appendonly yes') }])
    await link.client.call('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru')
    await link.client.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'no').catch(() => undefined)
    await until('it has looked again', () => risks.some(({ level }) => level === 'problem'))
  })

  it('warns that it could not look where INFO is denied, and works', async () => {
    const { url } = await redis('user app on >secret ~* &* +@all -info')
    const risks: RedisRisk[] = []
    const link = await connect(settings(url.replace('redis://', 'redis://app:secret@')), {
      onRisk: (risk) => risks.push(risk),
    })
    expect(risks).toMatchObject([
      { level: 'warning', problem: expect.stringContaining('could not be checked') },
    ])
    const queue = keep(await createRedisQueue(link, queueSettings))
    const handled: string[] = []
    const prediction = fresh()
    await queue.process(async ({ id }) => void handled.push(id))
    await queue.add(prediction)
    await until('it is handled', () => handled.length === 1)
    expect(handled).toEqual([prediction.id])
  })

  it.each([
    ['redis://user:sec%40ret@', '', /ECONNREFUSED/],
    ['redis+sentinel://user:sec%40ret@', '/plant', /failed to connect to sentinel/],
    ['redis+cluster://user:sec%40ret@', '', /ECONNREFUSED/],
  ])('says that nobody is at %s instead of waiting for ever', async (before, after, problem) => {
    const port = await freePort()
    const connecting = connectRedis(settings(`${before}127.0.0.1:${port}${after}`))
    await expect(connecting).rejects.toMatchObject({
      code: 'QUEUE_UNAVAILABLE',
      message: expect.stringMatching(new RegExp(`//127.0.0.1:${port}${after}: .*(${problem.source})`)),
    })
    await expect(connecting).rejects.not.toThrow(/sec/)
  })

  it('names a wrong password, and a file that is no certificate', async () => {
    const { url } = await redis('user app on >right ~* &* +@all')
    await expect(connectRedis(settings(url.replace('//', '//app:wrong@')))).rejects.toThrow(/WRONGPASS/)
    await connect(settings(url.replace('//', '//app:right@')))
    const noPem = connectRedis(settings(url.replace('redis:', 'rediss:'), { caFile: import.meta.filename }))
    await expect(noPem).rejects.toMatchObject({ code: 'CONFIG_INVALID', details: { path: 'queue.caFile' } })
    const noTls = connectRedis(settings(url, { caFile: import.meta.filename }))
    await expect(noTls).rejects.toThrow(/does not ask for TLS/)
  }, 40_000)

  it('gives further connections, and ends them all', async () => {
    const { url } = await redis()
    const link = await connect(settings(url))
    const [subscriber, blocking] = [link.duplicate(), link.duplicate()]
    const heard = once(subscriber, 'message')
    await subscriber.subscribe('news')
    const popped = blocking.blpop('list', 0)
    await link.client.publish('news', 'hello')
    await link.client.rpush('list', 'one')
    expect(await heard).toEqual(['news', 'hello'])
    expect(await popped).toEqual(['list', 'one'])
    const ended = Promise.all([subscriber, blocking, link.client].map((client) => once(client, 'end')))
    await link.close()
    await ended
  })

  it('tells the doctor what it finds', async () => {
    const careful = await redis()
    expect(await examineRedis(settings(careful.url))).toEqual([
      { level: 'ok', detail: expect.stringMatching(/answers: .*Redis \d+\.\d+.*noeviction, appendonly yes/) },
    ])
    const careless = await redis('maxmemory-policy allkeys-lru\nappendonly no')
    expect(await examineRedis(settings(careless.url))).toMatchObject([
      { level: 'ok' },
      { level: 'problem', remedy: expect.stringContaining('noeviction') },
      { level: 'warning', remedy: expect.stringContaining('appendonly yes') },
    ])
    await careless.stop()
    expect(await examineRedis(settings(careless.url))).toMatchObject([
      {
        level: 'problem',
        detail: expect.stringContaining('ECONNREFUSED'),
        remedy: expect.stringContaining('queue.url'),
      },
    ])
  })

  it('asks Sentinels that have a password, names a master they do not know, and what a failover would lose', async () => {
    const setup = keep(
      await startSentinel({ settings: 'user app on >server ~* &* +@all', sentinelPassword: 'sentry' }),
    )
    const url = setup.url.replace('//', '//app:server@')
    const link = await connect(settings(url, { sentinelPassword: 'sentry' }))
    expect(await link.client.ping()).toBe('PONG')
    await expect(connectRedis(settings(url))).rejects.toThrow(/NOAUTH/)
    const unknown = connectRedis(settings(url.replace(/forewarn$/, 'plant'), { sentinelPassword: 'sentry' }))
    await expect(unknown).rejects.toThrow(/know no master with the name plant/)

    expect(await examineRedis(settings(url, { sentinelPassword: 'sentry' }))).toHaveLength(1)
    const risks = async () => (await examineRedis(settings(url, { sentinelPassword: 'sentry' }))).slice(1)
    await link.client.call('CONFIG', 'SET', 'min-replicas-to-write', '0')
    expect(await risks()).toMatchObject([
      { level: 'warning', remedy: expect.stringContaining('min-replicas-to-write 1') },
    ])
  }, 60_000)
})
