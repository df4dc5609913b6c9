import { expect, it } from 'vitest'
import { batchOfRows, suiteCatalogue } from '../../test/contracts/telemetryStore.suite.ts'
import { createMemoryStore } from './memory.ts'

it('takes more readings of one device into one bucket than a call takes arguments', async () => {
  const store = createMemoryStore(suiteCatalogue)
  const rows = Array.from({ length: 200_000 }, (_, i) => ({ device: 'f', time: i, values: [i] }))
  await store.write([batchOfRows('fan', rows)], 1)
  expect(await store.trend('fan', 'f', 'speed', 0, 1e9, 1e9)).toEqual([
    { time: 0, count: 200_000, min: 0, max: 199_999, mean: 99_999.5 },
  ])
  expect((await store.latest('fan')).time[0]).toBe(199_999)
})
