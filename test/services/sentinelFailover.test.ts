import { afterEach, beforeEach, expect, it } from 'vitest'
import { createRedisQueue } from '../../alerts/queue/redisQueue.ts'
import { connectRedis, type RedisLink } from '../../alerts/redis/link.ts'
import type { PredictionQueue } from '../../core/ports.ts'
import { fresh, queueSettings, until } from '../contracts/queue.suite.ts'
import { describeService } from './harness.ts'
import { type SentinelSetup, startSentinel } from './redisSentinel.ts'

describeService('redis-sentinel', 'a Redis master that fails', () => {
  let setup: SentinelSetup
  let link: RedisLink
  let queue: PredictionQueue
  beforeEach(async () => {
    setup = await startSentinel()
    link = await connectRedis({ ...queueSettings, url: setup.url })
    queue = await createRedisQueue(link, queueSettings)
  })
  afterEach(async () => {
    await queue?.close()
    await link?.close()
    await setup?.close()
  })

  /** Adds from several sides until told to stop; each prediction again and again until it is acknowledged. */
  function addUnderLoad() {
    const acknowledged: string[] = []
    let stopped = false
    const refusals = new Set<string>()
    const lane = async () => {
      while (!stopped) {
        const prediction = fresh()
        const accepted = () =>
          queue.add(prediction).then(
            () => true,
            (error: { code?: string }) => {
              refusals.add(error.code ?? String(error))
              return false
            },
          )
        await until('it is taken', accepted, 60_000)
        acknowledged.push(prediction.id)
      }
    }
    const lanes = [lane(), lane(), lane(), lane()]
    const stop = async () => {
      stopped = true
      await Promise.all(lanes)
    }
    return { acknowledged, refusals, stop }
  }

  it('by being killed loses nothing that was acknowledged, waiting or just being added', async () => {
    const waiting = Array.from({ length: 50 }, () => fresh())
    for (const prediction of waiting) await queue.add(prediction)
    const load = addUnderLoad()
    await until('some were added', () => load.acknowledged.length > 200)

    const lost = await setup.failover()
    const sofar = load.acknowledged.length
    await until('more are added', () => load.acknowledged.length > sofar + 200, 30_000)
    await lost.start()
    await load.stop()
    expect([...load.refusals]).toEqual(['QUEUE_UNAVAILABLE'])

    const handled = new Set<string>()
    await queue.process(async ({ id }) => void handled.add(id))
    const expected = [...waiting.map(({ id }) => id), ...load.acknowledged]
    await until('all are handled', () => expected.every((id) => handled.has(id)), 30_000).catch(
      () => undefined,
    )
    expect(expected.filter((id) => !handled.has(id))).toEqual([])
    expect((await queue.counts()).failed).toBe(0)
  }, 120_000)

  it('under a working handler loses nothing, and what is handled twice is the same prediction', async () => {
    const effects = new Map<string, number>()
    await queue.process(async ({ id }) => void effects.set(id, (effects.get(id) ?? 0) + 1))
    const load = addUnderLoad()
    await until('some were added', () => load.acknowledged.length > 200)
    await setup.failover()
    const sofar = load.acknowledged.length
    await until('more are added', () => load.acknowledged.length > sofar + 200, 30_000)
    await load.stop()
    await until('all are handled', () => load.acknowledged.every((id) => effects.has(id)), 40_000)
    await until(
      'nothing is left',
      async () => {
        const { waiting, active, delayed } = await queue.counts()
        return waiting + active + delayed === 0
      },
      40_000,
    )
    // Every prediction that took effect was asked for, some more than once: tickets count by its id.
    expect([...effects.keys()].toSorted()).toEqual([...new Set(load.acknowledged)].toSorted())
  }, 120_000)

  it('has acknowledged nothing that no replica has, and nobody is waited for where there is no replica', async () => {
    const replicas = await setup.replicas()
    for (const replica of replicas) process.kill(replica.pid()!, 'SIGSTOP')
    await expect(queue.add(fresh())).rejects.toMatchObject({
      code: 'QUEUE_UNAVAILABLE',
      message: expect.stringContaining('no replica has it'),
    })
    for (const replica of replicas) await replica.stop('SIGKILL')
    await link.client.call('CONFIG', 'SET', 'min-replicas-to-write', '0')
    await until('it has noticed', async () =>
      /connected_slaves:0/.test(await link.client.info('replication')),
    )
    await queue.add(fresh())
  })

  it('by freezing is left for the new one, without a restart', async () => {
    const frozen = await setup.master()
    process.kill(frozen.pid()!, 'SIGSTOP')
    try {
      await until('there is another master', async () => (await setup.master()) !== frozen, 30_000)
      const prediction = fresh()
      const handled: string[] = []
      await until(
        'it is taken',
        () =>
          queue.add(prediction).then(
            () => true,
            () => false,
          ),
        40_000,
      )
      await queue.process(async ({ id }) => void handled.push(id))
      await until('it is handled', () => handled.includes(prediction.id), 30_000)
    } finally {
      process.kill(frozen.pid()!, 'SIGCONT')
    }
  }, 120_000)
})
