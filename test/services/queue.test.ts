import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createRedisQueue } from '../../alerts/queue/redisQueue.ts'
import { fresh, queueContract, queueSettings, until } from '../contracts/queue.suite.ts'
import { describeService, freePort, type Service, startService } from './harness.ts'

describeService('redis-server', 'on Redis', () => {
  let redis: Service
  const open = (settings = queueSettings) => createRedisQueue({ ...settings, url: redis.url })
  async function clear() {
    const client = new Redis(redis.url)
    await client.flushall()
    await client.quit()
  }
  beforeAll(async () => {
    redis = await startService('redis-server')
  })
  afterAll(() => redis.close())

  queueContract('BullMQ on Redis', async () => ({ queue: await open(), clear }))

  it('keeps all its keys in one slot of a cluster', async () => {
    const queue = await open()
    await queue.add(fresh())
    const client = new Redis(redis.url)
    const keys = await client.keys('*')
    expect(keys.length).toBeGreaterThan(0)
    expect(keys.filter((key) => !key.startsWith('{forewarn}:'))).toEqual([])
    await client.quit()
    await queue.close()
    await clear()
  })

  it('warns of a Redis that may forget', async () => {
    const careless = await startService('redis-server', 'maxmemory-policy allkeys-lru\nappendonly no')
    const warnings: string[] = []
    const settings = { ...queueSettings, url: careless.url }
    const queue = await createRedisQueue(settings, (reason) => warnings.push(reason.message))
    expect(warnings).toEqual([
      expect.stringContaining('noeviction'),
      expect.stringContaining('appendonly yes'),
    ])
    await queue.close()
    await careless.close()
  })

  it('says that Redis is missing instead of waiting for ever, without its password', async () => {
    const url = `redis://user:secret@127.0.0.1:${await freePort()}`
    const started = Date.now()
    const opening = createRedisQueue({ ...queueSettings, url })
    await expect(opening).rejects.toMatchObject({
      code: 'QUEUE_UNAVAILABLE',
      message: expect.not.stringContaining('secret'),
      details: { problem: expect.stringContaining('ECONNREFUSED') },
    })
    expect(Date.now() - started).toBeLessThan(15_000)
  })

  it('refuses openly while Redis is down, loses nothing, and goes on when it is back', async () => {
    const queue = await open()
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

  it('closes while Redis is down', async () => {
    const queue = await open()
    await queue.process(async () => undefined)
    await redis.stop('SIGKILL')
    const started = Date.now()
    await queue.close().catch((error) => expect(error).toMatchObject({ code: 'QUEUE_UNAVAILABLE' }))
    expect(Date.now() - started).toBeLessThan(30_000)
    await redis.start()
  })
})
