import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openQueue } from '../../alerts/queue/open.ts'
import { fresh, queueContract, queueSettings, until } from '../contracts/queue.suite.ts'
import { describeService, type Service, startService } from './harness.ts'
import { type ClusterSetup, startCluster } from './redisCluster.ts'
import { type SentinelSetup, startSentinel } from './redisSentinel.ts'

const open = (url: string) => openQueue({ ...queueSettings, url }, {})

/** Empties servers one by one: a cluster empties no other node. */
async function flush(...servers: readonly Service[]) {
  for (const { port } of servers) {
    const client = new Redis(port, '127.0.0.1')
    await client.flushall()
    client.disconnect()
  }
}

describeService('redis-server', 'on Redis', () => {
  let redis: Service
  const clear = () => flush(redis)
  beforeAll(async () => {
    redis = await startService('redis-server')
  })
  afterAll(() => redis.close())

  queueContract('BullMQ on Redis', async () => ({ queue: await open(redis.url), clear }))

  it('keeps all its keys in one slot of a cluster', async () => {
    const queue = await open(redis.url)
    await queue.add(fresh())
    const client = new Redis(redis.url)
    const keys = await client.keys('*')
    expect(keys.length).toBeGreaterThan(0)
    expect(keys.filter((key) => !key.startsWith('{forewarn}:'))).toEqual([])
    await client.quit()
    await queue.close()
    await clear()
  })

  it('refuses openly while Redis is down, loses nothing, and goes on when it is back', async () => {
    const queue = await open(redis.url)
    const [kept, refused, later] = [fresh(), fresh(), fresh()]
    await queue.add(kept)
    // appendfsync everysec: what is older than a second survives a kill.
    await new Promise((resolve) => setTimeout(resolve, 1500))
    await redis.stop('SIGKILL')
    await expect(queue.add(refused)).rejects.toMatchObject({ code: 'QUEUE_UNAVAILABLE', next: 'retry' })
    await redis.start()
    const handled: string[] = []
    await queue.process(async ({ id }) => void handled.push(id))
    await queue.add(refused)
    await queue.add(later)
    await until('all three are handled', () => handled.length >= 3)
    expect(handled.toSorted()).toEqual([kept.id, refused.id, later.id].toSorted())
    await queue.close()
    await clear()
  })

  it('goes on with its worker after Redis was killed and came back', async () => {
    const queue = await open(redis.url)
    const handled: string[] = []
    await queue.process(async ({ id }) => void handled.push(id))
    const [before, after] = [fresh(), fresh()]
    await queue.add(before)
    await until('the first is handled', () => handled.includes(before.id))
    await redis.stop('SIGKILL')
    await redis.start()
    await until(
      'it can be added to',
      () =>
        queue.add(after).then(
          () => true,
          () => false,
        ),
      20_000,
    )
    await until('the second is handled', () => handled.includes(after.id), 20_000)
    await queue.close()
    await clear()
  })

  it('closes while Redis is down', async () => {
    const queue = await open(redis.url)
    await queue.process(async () => undefined)
    await redis.stop('SIGKILL')
    await queue.close().catch((error) => expect(error).toMatchObject({ code: 'QUEUE_UNAVAILABLE' }))
    await redis.start()
  }, 40_000)
})

describeService('redis-sentinel', 'on Redis Sentinel', () => {
  let setup: SentinelSetup
  beforeAll(async () => {
    setup = await startSentinel()
  })
  afterAll(() => setup?.close())

  queueContract('BullMQ on Sentinel', async () => ({
    queue: await open(setup.url),
    clear: async () => flush(await setup.master()),
  }))
})

describeService('redis-server', 'on Redis Cluster', () => {
  let setup: ClusterSetup
  beforeAll(async () => {
    setup = await startCluster()
  })
  afterAll(() => setup?.close())
  const clear = () => flush(...setup.nodes)

  queueContract('BullMQ on a cluster', async () => ({ queue: await open(setup.url), clear }))

  it('closes right after handling, every time', async () => {
    for (let i = 0; i < 40; i++) {
      const queue = await open(setup.url)
      let handled = false
      await queue.process(async () => {
        handled = true
      })
      await queue.add(fresh())
      await until('it is handled', () => handled)
      await queue.close()
    }
    await clear()
  })

  describe('whose node is killed and comes back', () => {
    it('names that meanwhile, loses nothing, and goes on by itself', async () => {
      const queue = await open(setup.url)
      const handled: string[] = []
      const [kept, refused] = [fresh(), fresh()]
      await queue.add(kept)
      // appendfsync everysec: what is older than a second survives a kill.
      await new Promise((resolve) => setTimeout(resolve, 1500))
      const holder = await setup.holder('{forewarn}')
      await holder.stop('SIGKILL')
      await expect(queue.add(refused)).rejects.toMatchObject({ code: 'QUEUE_UNAVAILABLE' })
      await holder.start()
      await until(
        'it can be added to',
        () =>
          queue.add(refused).then(
            () => true,
            () => false,
          ),
        20_000,
      )
      await queue.process(async ({ id }) => void handled.push(id))
      await until('both are handled', () => handled.length >= 2, 20_000)
      expect(handled.toSorted()).toEqual([kept.id, refused.id].toSorted())
      await queue.close()
      await clear()
    })
  })
})
