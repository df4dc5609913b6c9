import { afterAll, beforeAll, it } from 'vitest'
import { describeServices, type Service, startService } from '../../services/harness.ts'
import { type SentinelSetup, startSentinel } from '../../services/redisSentinel.ts'
import { underLoad } from '../../support/faultStory.ts'
import { type Installation, oneEach, startInstallation } from '../../support/installation.ts'

describeServices(
  ['influxd', 'redis-server', 'postgres'],
  'the Redis master dies and Sentinel fails over',
  () => {
    const services: Service[] = []
    let sentinel: SentinelSetup
    let installation: Installation
    let master: Service
    beforeAll(async () => {
      const [influx, postgres] = await Promise.all([startService('influxd'), startService('postgres')])
      services.push(influx, postgres)
      sentinel = await startSentinel()
      installation = await startInstallation(
        { influx: `${influx.url}/plant`, redis: sentinel.url, postgres: postgres.url },
        {},
        oneEach,
      )
    }, 120_000)
    afterAll(async () => {
      await installation?.close()
      await sentinel?.close()
      for (const service of services) await service.close()
    }, 60_000)

    it('loses nothing, doubles no ticket, is named by the health, and needs no restart of forewarn', async () => {
      await underLoad(installation, () => installation.mqttUrl, {
        breakIt: async () => {
          master = await sentinel.master()
          await master.stop('SIGKILL')
        },
        named: /"queue"[^}]*"ok":false/,
        awayMs: 15_000,
        // back as a replica of the new master
        mendIt: () => master.start(),
      })
    }, 300_000)
  },
)
