import { describe, expect, it } from 'vitest'
import { failureDates, type LifeUnit, lifeBar, lifeLeft } from './interval.ts'

const hours: LifeUnit = { unit: 'h', cap: 96, perDay: 24 }
const cycles: LifeUnit = { unit: 'cycle', cap: 125, perDay: 1 }

const rul = (p10: number, p50: number, p90: number) => ({ p05: p10, p10, p50, p90, p95: p90 })

describe('lifeLeft', () => {
  it.each([
    [rul(12.2, 20, 30.7), hours, '12–31 h left'],
    [rul(3.3, 5, 9.1), hours, '3.5–9 h left'],
    [rul(31, 60, 96), hours, '31 to more than 96 h left'],
    [rul(96, 96, 96), hours, 'more than 96 h left'],
    [rul(0, 0.1, 0.4), hours, 'less than 1 h left'],
    [rul(21.2, 25, 32), cycles, '21–32 cycles left'],
    [rul(0.8, 1, 1.2), cycles, 'about 1 cycle left'],
    [rul(125, 125, 125), cycles, 'more than 125 cycles left'],
  ])('words %o', (quantiles, life, words) => {
    expect(lifeLeft(quantiles, life)).toBe(words)
  })
})

describe('failureDates', () => {
  const day = 86_400_000

  it('counts usage from the window end, by usage a day', () => {
    expect(failureDates(1000, rul(12, 18, 24), hours)).toEqual({
      earliest: 1000 + day / 2,
      latest: 1000 + day,
    })
    expect(failureDates(0, rul(20, 25, 30), cycles)).toEqual({ earliest: 20 * day, latest: 30 * day })
  })

  it('knows no latest date beyond the cap', () => {
    expect(failureDates(0, rul(40, 90, 96), hours).latest).toBeNull()
  })
})

describe('lifeBar', () => {
  it('lies between failure and the cap, and a point is still to be seen', () => {
    expect(lifeBar(rul(24, 48, 72), 96)).toEqual({ left: 25, width: 50, median: 50 })
    expect(lifeBar(rul(0, 0, 0), 96).width).toBeGreaterThan(0)
    expect(lifeBar(rul(500, 500, 500), 96).left).toBe(100)
  })
})
