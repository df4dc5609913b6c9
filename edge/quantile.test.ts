import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quantile } from './quantile.ts'

describe('quantile', () => {
  it('interpolates between order statistics', () => {
    expect(quantile([40, 10, 30, 20], 0.5)).toBe(25)
    expect(quantile([10, 20, 30, 40, 50, 60], 0.1)).toBe(15)
    expect(quantile([7], 0.1)).toBe(7)
    expect(quantile([], 0.5)).toBeNull()
  })

  it('lies between the extremes and grows with p', () => {
    const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1 })
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (some, p) => {
        expect(quantile(some, p)).toBeGreaterThanOrEqual(Math.min(...some))
        expect(quantile(some, p)).toBeLessThanOrEqual(quantile(some, 1)!)
        expect(quantile(some, 1)).toBe(Math.max(...some))
      }),
    )
  })
})
