import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseConfig } from '../../core/config.ts'
import { spanOf, waitAfter } from './backoff.ts'

const { attempts, backoffMs: firstMs } = parseConfig({}).outgoing

it('tries for about a day by default', () => {
  expect(spanOf({ attempts, firstMs }) / 3_600_000).toBeCloseTo(24.3, 1)
})

it('doubles the wait up to four hours, give or take a fifth', () => {
  const middle = (failures: number) => waitAfter({ attempts, firstMs }, failures, 0.5)
  expect([1, 2, 3, 9, 10, 11, 1_000].map(middle)).toEqual([
    30_000, 60_000, 120_000, 7_680_000, 14_400_000, 14_400_000, 14_400_000,
  ])
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), fc.double({ min: 0, max: 1, noNaN: true }), (n, random) => {
      const ratio = waitAfter({ attempts, firstMs }, n, random) / middle(n)
      expect(ratio).toBeGreaterThanOrEqual(0.8)
      expect(ratio).toBeLessThanOrEqual(1.2)
    }),
    { seed: 6 },
  )
})
