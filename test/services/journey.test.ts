import { afterAll, beforeAll, it } from 'vitest'
import { checkJourney, journeyNames } from '../journeys/checkJourney.ts'
import { scenario } from '../journeys/runJourney.ts'
import { describeService, findService, type Service, startService } from './harness.ts'

/** Both are needed; the suite is named after the one that is missing. */
const missing = findService('influxd') ? 'redis-server' : 'influxd'

describeService(missing, 'the journeys on InfluxDB and Redis', () => {
  let influx: Service
  let redis: Service

  beforeAll(async () => {
    influx = await startService('influxd')
    redis = await startService('redis-server')
  })
  afterAll(async () => {
    await redis?.close()
    await influx?.close()
  })

  it.each(journeyNames)(
    '%s',
    async (name) => {
      const adapters = {
        telemetry: { url: `${influx.url}/${name.replaceAll('-', '_')}` },
        queue: { ...(scenario(name).config?.queue as object), url: redis.url },
      }
      await checkJourney(name, adapters)
    },
    120_000,
  )
})
