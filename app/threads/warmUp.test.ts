import { expect, it } from 'vitest'
import { allowedLateness } from '../../core/catalogue.ts'
import type { TelemetryStore, WindowWanted } from '../../core/ports.ts'
import type { ReadingBatch } from '../../core/reading.ts'
import { loadCatalogue } from '../loadCatalogue.ts'
import { firstSights, historyOf, inPortions } from './warmUp.ts'

const catalogue = loadCatalogue()
const sighted = (device: string, time: number, assetType = 'pump') => ({ device, assetType, time })

it('sees a stored device once', () => {
  const cold = new Set(['a', 'b'])
  const batch = { assetType: 'pump', device: ['x', 'a', 'a'], time: Float64Array.of(1, 2, 3) }
  expect(firstSights([batch as unknown as ReadingBatch], cold)).toEqual([sighted('a', 2)])
  expect([...cold]).toEqual(['b'])
})

it('asks once for all devices of an asset type, each up to a little beyond its first reading', async () => {
  const asked: [string, readonly WindowWanted[], number][] = []
  const windows: TelemetryStore['windows'] = async (assetType, wanted, rows) => {
    asked.push([assetType, wanted, rows])
    return { assetType, length: 0 } as ReadingBatch
  }
  const sights = [sighted('a', 1_000), sighted('e', 5, 'turbofan'), sighted('b', 2_000)]
  const batches = await historyOf({ windows }, catalogue, sights)
  const pump = catalogue.get('pump')!
  const beyond = allowedLateness(pump) + (pump.window.maxHeld + 1) * pump.cadenceMs
  expect(asked.map(([assetType]) => assetType)).toEqual(['pump', 'turbofan'])
  expect(asked[0]![1]).toEqual([
    { device: 'a', until: 1_000 + beyond },
    { device: 'b', until: 2_000 + beyond },
  ])
  expect(asked[0]![2]).toBeGreaterThanOrEqual(pump.window.length + pump.window.maxHeld)
  expect(batches.map((batch) => batch.assetType)).toEqual(['pump', 'turbofan'])
})

it('takes a whole fleet in portions', () => {
  expect(inPortions([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]])
  expect(inPortions([], 2)).toEqual([])
})
