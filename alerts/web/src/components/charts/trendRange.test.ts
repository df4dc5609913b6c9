import { describe, expect, it } from 'vitest'
import { trendRange } from './trendRange.ts'

describe('trendRange', () => {
  it('holds all data and a band that is not much larger', () => {
    const [low, high] = trendRange(4, 6, [3, 7])
    expect(low).toBeLessThan(3)
    expect(high).toBeGreaterThan(7)
  })

  it('shows the nearer edge of a band that is far away', () => {
    const [low, high] = trendRange(90, 91, [35, 75])
    expect(low).toBeLessThan(75)
    expect(low).toBeGreaterThan(70)
    expect(high).toBeLessThan(92)
  })

  it('does not let a wide band flatten the data', () => {
    const [low, high] = trendRange(50, 52, [-1000, 1000])
    expect(high - low).toBeLessThan(15)
  })

  it('has room for a channel that never moves, and for none at all', () => {
    const [low, high] = trendRange(5, 5, null)
    expect(low).toBeLessThan(high)
    expect(trendRange(null, null, null)).toEqual([0, 1])
  })
})
