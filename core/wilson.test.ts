import fc from 'fast-check'
import { expect, it } from 'vitest'
import { wilsonLower } from './wilson.ts'

it('gives the published bounds', () => {
  // Newcombe, Statistics in Medicine 17 (1998), table I, method 3 (two-sided 95 %).
  const z = 1.959964
  for (const [r, n, lower] of [
    [81, 263, 0.2553],
    [15, 148, 0.0624],
    [0, 20, 0],
    [1, 29, 0.0061],
  ] as const)
    expect(wilsonLower(r, n, z)).toBeCloseTo(lower, 4)
})

it('is careful with few trials, and knows nothing without any', () => {
  expect(wilsonLower(0, 0)).toBe(0)
  expect(wilsonLower(0, 25)).toBe(0)
  expect(wilsonLower(1, 1)).toBeCloseTo(0.3784, 4)
  expect(wilsonLower(8, 8)).toBeCloseTo(0.8297, 4)
})

it('lies below the share, and rises with every success', () => {
  const trials = fc
    .integer({ min: 1, max: 500 })
    .chain((n) => fc.tuple(fc.integer({ min: 0, max: n - 1 }), fc.constant(n)))
  fc.assert(
    fc.property(trials, ([r, n]) => {
      expect(wilsonLower(r, n)).toBeLessThanOrEqual(r / n)
      expect(wilsonLower(r + 1, n)).toBeGreaterThan(wilsonLower(r, n))
    }),
  )
})
