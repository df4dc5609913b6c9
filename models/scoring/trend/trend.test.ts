import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { noise } from '../../detection/testing.ts'
import { fitTrend } from './healthTrend.ts'
import { lifeWithoutHistory, type UnlearnedLife } from './lifeWithoutHistory.ts'
import { normalTail } from './normalTail.ts'

const rising = (slope: number, scatter: number, seed = 1) => {
  const next = noise(seed)
  const usage = Array.from({ length: 8 }, (_, i) => 2 * i)
  return fitTrend(
    usage,
    usage.map((u) => 1 + slope * u + scatter * next()),
  )
}

const faulty: UnlearnedLife = { faulty: 1, trend: undefined, limit: 4, horizon: 36, cap: 96 }

describe('the tail of the normal distribution', () => {
  it.each([
    [0, 0.5],
    [1, 0.158655254],
    [1.959964, 0.025],
    [3, 0.001349898],
    [-1, 0.841344746],
  ])('above %f is %f', (x, probability) => {
    expect(Math.abs(normalTail(x) - probability)).toBeLessThan(1e-7)
  })
})

describe('the trend of the health index', () => {
  it('is the line through points on a line', () => {
    const { level, slope, slopeError, freedom } = rising(0.2, 0)
    expect([level, slope]).toEqual([expect.closeTo(1 + 0.2 * 14, 9), expect.closeTo(0.2, 9)])
    expect(slopeError).toBeLessThan(1e-9)
    expect(freedom).toBe(6)
  })

  it('has a standard error that holds the true slope as often as Student says', () => {
    const within = Array.from({ length: 1000 }, (_, seed) => rising(0.1, 0.5, seed + 1)).filter(
      // two-sided 90 % of Student's t with six degrees of freedom
      ({ slope, slopeError }) => Math.abs(slope - 0.1) <= 1.943 * slopeError,
    )
    expect(Math.abs(within.length / 1000 - 0.9)).toBeLessThan(0.03)
  })
})

describe('remaining life without history', () => {
  const life = fc.record({
    faulty: fc.double({ min: 0, max: 1, noNaN: true }),
    trend: fc.option(
      fc.record({
        level: fc.double({ min: -3, max: 6, noNaN: true }),
        slope: fc.double({ min: -1, max: 1, noNaN: true }),
        slopeError: fc.double({ min: 0, max: 1, noNaN: true }),
        freedom: fc.integer({ min: 1, max: 6 }),
      }),
      { nil: undefined },
    ),
    limit: fc.double({ min: 0.5, max: 5, noNaN: true }),
    horizon: fc.constant(36),
    cap: fc.constantFrom(40, 96),
  })

  it('has quantiles in order within the cap, that agree with the probability of failure', () => {
    fc.assert(
      fc.property(life, (one) => {
        const { rul, failureProbability } = lifeWithoutHistory(one)
        const quantiles = [rul.p05, rul.p10, rul.p50, rul.p90, rul.p95]
        expect(quantiles).toEqual(quantiles.toSorted((a, b) => a - b))
        expect(Math.min(...quantiles)).toBeGreaterThanOrEqual(0)
        expect(Math.max(...quantiles)).toBeLessThanOrEqual(one.cap)
        expect(failureProbability).toBeGreaterThanOrEqual(0)
        expect(failureProbability).toBeLessThanOrEqual(one.faulty)
        if (Math.abs(rul.p50 - one.horizon) > 1e-3)
          expect(failureProbability >= 0.5).toBe(rul.p50 < one.horizon)
      }),
    )
  })

  it('of a healthy machine is more than the cap', () => {
    const { rul, failureProbability } = lifeWithoutHistory({ ...faulty, faulty: 0.01 })
    expect(Object.values(rul)).toEqual([96, 96, 96, 96, 96])
    expect(failureProbability).toBeLessThan(0.01)
  })

  it('of a faulty machine without a trend is wide, and three in four fail within the horizon', () => {
    const { rul, failureProbability } = lifeWithoutHistory(faulty)
    expect(failureProbability).toBeCloseTo(0.75, 6)
    expect(rul.p50).toBeCloseTo(18, 3)
    expect(rul.p05).toBeLessThan(2)
    expect(rul.p95).toBeGreaterThan(70)
  })

  it('shortens as the trend steepens, and as it becomes surer', () => {
    const trend = { level: 2, slope: 0.1, slopeError: 0.02, freedom: 6 }
    const of = (change: Partial<typeof trend>) =>
      lifeWithoutHistory({ ...faulty, trend: { ...trend, ...change } }).rul.p95
    expect(of({ slope: 0.2 })).toBeLessThan(of({}))
    expect(of({})).toBeLessThan(of({ slope: 0.02 }))
    expect(of({})).toBeLessThan(of({ slopeError: 0.2 }))
    expect(of({ slope: -1, slopeError: 0.01 })).toBeCloseTo(lifeWithoutHistory(faulty).rul.p95, 3)
  })
})
