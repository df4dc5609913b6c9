import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MovingMean } from './movingMean.ts'
import { deviationAt, normalScore } from './normalScore.ts'
import { sumOfCubes, tailOfCubes } from './rarity.ts'
import { RunningMedian } from './runningMedian.ts'
import { stableStart } from './stableStart.ts'
import { noise } from './testing.ts'

const freedom = fc.double({ min: 1.5, max: 500, noNaN: true })
const deviation = fc.integer({ min: -1e9, max: 1e9 }).map((thousandths) => thousandths / 1000)

describe('the normal score of a t value', () => {
  // Two-sided 1 % and 0.1 % points of Student's t (any table), which the normal has at 2.5758 and 3.2905.
  it.each([
    [3, 5.841, 2.5758],
    [5, 4.032, 2.5758],
    [10, 3.169, 2.5758],
    [5, 6.869, 3.2905],
    [10, 4.587, 3.2905],
    [30, 3.646, 3.2905],
  ])('with %d degrees of freedom %f is as rare as %f', (nu, t, score) => {
    expect(Math.abs(normalScore(t, nu) - score)).toBeLessThan(0.05)
  })

  it('is odd, grows with t, never exceeds it, and nears it with many degrees of freedom', () => {
    fc.assert(
      fc.property(deviation, freedom, (t, nu) => {
        expect(normalScore(-t, nu)).toBe(-normalScore(t, nu))
        expect(Math.abs(normalScore(t, nu))).toBeLessThanOrEqual(Math.abs(t) * (1 + 1e-12))
        expect(normalScore(t + 1, nu)).toBeGreaterThanOrEqual(normalScore(t, nu))
      }),
    )
    expect(normalScore(4, 1e7)).toBeCloseTo(4, 4)
  })

  it('leads back to t', () => {
    const score = fc.integer({ min: -6000, max: 6000 }).map((thousandths) => thousandths / 1000)
    fc.assert(
      fc.property(score, freedom, (u, nu) => {
        expect(normalScore(deviationAt(u, nu), nu)).toBeCloseTo(u, 6)
      }),
    )
  })
})

describe('the rarity of a deviation', () => {
  it('in one channel is the two-sided tail of the normal distribution', () => {
    const tail = tailOfCubes(1)
    for (const [score, probability] of [
      [2, 0.0455],
      [3, 0.0026998],
      [5, 5.733e-7],
      [7, 2.56e-12],
    ] as const)
      expect(Math.abs(tail(score ** 3) / probability - 1)).toBeLessThan(0.01)
  })

  it('in eight channels is what so many independent noises show', () => {
    const [tail, next, draws] = [tailOfCubes(8), noise(5), 100_000]
    const sums = Array.from({ length: draws }, () => sumOfCubes(Array.from({ length: 8 }, next)))
    for (const limit of [15, 30, 60]) {
      const share = sums.filter((sum) => sum >= limit).length / draws
      expect(Math.abs(tail(limit) / share - 1)).toBeLessThan(0.1)
    }
  })

  it('falls as the deviation grows, from 1 to nothing, for any number of channels', () => {
    const sum = fc.double({ min: 0, max: 2000, noNaN: true })
    fc.assert(
      fc.property(fc.constantFrom(1, 2, 5, 13), sum, sum, (channels, a, b) => {
        const tail = tails.get(channels)!
        expect(tail(Math.min(a, b))).toBeGreaterThanOrEqual(tail(Math.max(a, b)))
        expect(tail(Math.max(a, b))).toBeGreaterThanOrEqual(0)
        expect(tail(0)).toBeCloseTo(1, 9)
      }),
    )
  })
  const tails = new Map([1, 2, 5, 13].map((channels) => [channels, tailOfCubes(channels)]))
})

describe('running statistics', () => {
  const values = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 40 })
  const over = fc.integer({ min: 1, max: 9 })

  it('are the mean and the median of the newest values', () => {
    fc.assert(
      fc.property(values, over, (series, n) => {
        const [mean, median] = [new MovingMean(n, 1), new RunningMedian(n)]
        series.forEach((value, i) => {
          const newest = series.slice(Math.max(0, i - n + 1), i + 1)
          expect(mean.take([value])[0]).toBeCloseTo(newest.reduce((a, b) => a + b, 0) / newest.length, 9)
          expect(median.take(value)).toBe(newest.toSorted((a, b) => a - b)[newest.length >> 1])
        })
      }),
    )
  })
})

describe('the steady start', () => {
  const next = noise(3)
  const steady = Float64Array.from({ length: 600 }, () => 10 + next())

  it('is the beginning of a steady machine', () => {
    expect(stableStart([steady], 160)).toBe(0)
  })

  it('lies behind a running-in of any channel', () => {
    const runIn = steady.map((value, i) => (i < 150 ? value - 30 : value))
    const from = stableStart([steady, runIn], 160)
    expect(from).toBeGreaterThan(100)
    expect(from).toBeLessThanOrEqual(160)
  })

  it('is the first row where nothing is steady', () => {
    expect(stableStart([steady.map((value, i) => value + i)], 160)).toBe(0)
  })
})
