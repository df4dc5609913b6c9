import { afterAll, beforeAll } from 'vitest'
import { createStore } from '../../ingest/stores/open.ts'
import { suiteCatalogue, telemetryStoreContract } from '../contracts/telemetryStore.suite.ts'
import { describeService, type Service, startService } from './harness.ts'

describeService('influxd', 'InfluxDB 1.x', () => {
  let influxd: Service
  beforeAll(async () => {
    influxd = await startService('influxd')
  })
  afterAll(() => influxd?.close())

  telemetryStoreContract('InfluxDB', { durable: true, ownCursor: false }, async () => ({
    open: async (catalogue = suiteCatalogue) => {
      const store = createStore(`${influxd.url}/contract`, '', catalogue)
      await store.open()
      return store
    },
    remove: async () => {},
  }))
})
