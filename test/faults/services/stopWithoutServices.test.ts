import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeServices, type Service, startService } from '../../services/harness.ts'
import { type Installation, oneEach, startInstallation } from '../../support/installation.ts'

describeServices(['influxd', 'redis-server', 'postgres'], 'SIGTERM while the services are away', () => {
  const services: Service[] = []
  let installation: Installation
  beforeAll(async () => {
    const [influx, redis, postgres] = await Promise.all([
      startService('influxd'),
      startService('redis-server'),
      startService('postgres'),
    ])
    services.push(influx, redis, postgres)
    installation = await startInstallation(
      { influx: `${influx.url}/stop`, redis: redis.url, postgres: postgres.url },
      {},
      oneEach,
    )
  }, 120_000)
  afterAll(async () => {
    await installation?.close()
    for (const service of services) await service.close()
  }, 60_000)

  it('ends every process, and says that it ended as asked', async () => {
    for (const service of services) await service.stop('SIGKILL')
    const codes = await Promise.all(Object.values(installation.processes).map((one) => one.stop()))
    expect(codes).toEqual([0, 0, 0, 0])
  }, 120_000)
})
