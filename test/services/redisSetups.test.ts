import { Cluster, Redis } from 'ioredis'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeService } from './harness.ts'
import { type ClusterSetup, startCluster } from './redisCluster.ts'
import { type SentinelSetup, startSentinel } from './redisSentinel.ts'

describeService('redis-sentinel', 'helper: Redis Sentinel', () => {
  let setup: SentinelSetup
  beforeAll(async () => {
    setup = await startSentinel()
  })
  afterAll(() => setup?.close())

  it('makes a replica the master when that is killed, and the killed one a replica', async () => {
    const before = await setup.master()
    expect(await setup.replicas()).toHaveLength(2)
    const lost = await setup.failover()
    expect(lost).toBe(before)
    expect(await setup.master()).not.toBe(before)
    expect(await setup.replicas()).toHaveLength(1)
    await lost.start()
    expect(await setup.replicas()).toContain(lost)
  })
})

describeService('redis-server', 'helper: Redis Cluster', () => {
  let setup: ClusterSetup
  beforeAll(async () => {
    setup = await startCluster()
  })
  afterAll(() => setup?.close())

  it('spreads keys over three nodes, and knows where one lies', async () => {
    const cluster = new Cluster(setup.nodes.map(({ port }) => ({ host: '127.0.0.1', port })))
    for (const key of ['a', 'b', 'c', 'd', 'e', 'f']) {
      await cluster.set(key, '1')
      const holder = new Redis((await setup.holder(key)).port)
      expect(await holder.get(key)).toBe('1')
      holder.disconnect()
    }
    const held = await Promise.all(cluster.nodes('master').map((node) => node.dbsize()))
    expect(held).toHaveLength(3)
    expect(held.reduce((sum, n) => sum + n)).toBe(6)
    cluster.disconnect()
  })
})
