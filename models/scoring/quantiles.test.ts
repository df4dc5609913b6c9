import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../training/random.ts'
import { calibrate, calibrated } from './conformal.ts'
import { decodeEnsemble, decodeForecast, type Forecast, probabilityWithin } from './quantiles.ts'

const outputs = fc.array(fc.double({ min: -30, max: 30, noNaN: true }), { minLength: 6, maxLength: 6 })
const inOrder = (q: readonly number[]) => q.every((value, i) => i === 0 || value >= q[i - 1]!)
const neutral = { centres: [60], inner: [0], outer: [0] }

describe('quantiles', () => {
  it('never cross, whatever the network says', () => {
    fc.assert(fc.property(outputs, (raw) => inOrder(decodeForecast(raw, 0, 125).quantiles)))
  })

  it('do not cross when members are averaged and calibrated', () => {
    const widening = fc.double({ min: -40, max: 40, noNaN: true })
    fc.assert(
      fc.property(
        fc.array(outputs, { minLength: 1, maxLength: 5 }),
        widening,
        widening,
        (raws, inner, outer) => {
          const forecast = decodeEnsemble(raws, 0, 125)
          const rul = calibrated(
            forecast,
            { centres: [20, 90], inner: [inner, outer], outer: [outer, inner] },
            125,
          )
          const values = [rul.p05, rul.p10, rul.p50, rul.p90, rul.p95]
          expect(inOrder(values)).toBe(true)
          expect(Math.min(...values)).toBeGreaterThanOrEqual(0)
          expect(Math.max(...values)).toBeLessThanOrEqual(125)
        },
      ),
    )
  })
})

describe('calibration', () => {
  const cap = 1e6
  const exchangeable = (seed: number, count: number) => {
    const random = seededRandom(seed)
    const noise = () => random() + random() + random() - 1.5
    return Array.from({ length: count }, () => {
      const median = 100 + 50 * random()
      // Far too narrow, and off to one side.
      const quantiles: Forecast['quantiles'] = [median - 2, median - 1, median, median + 1, median + 2]
      return { forecast: { mean: median, quantiles }, truth: median + 5 + 30 * noise() }
    })
  }

  it('covers new outcomes like those it saw as often as it says, within chance', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), (seed) => {
        const conformal = calibrate(exchangeable(seed, 2000), cap)
        const fresh = exchangeable(seed + 1e6, 2000)
        const covered = (low: 'p05' | 'p10', high: 'p95' | 'p90') =>
          fresh.filter(({ forecast, truth }) => {
            const rul = calibrated(forecast, conformal, cap)
            return rul[low] <= truth && truth <= rul[high]
          }).length / fresh.length
        // Four standard errors of both samples together.
        expect(Math.abs(covered('p05', 'p95') - 0.9)).toBeLessThan(4 * Math.sqrt((0.9 * 0.1 * 2) / 2000))
        expect(Math.abs(covered('p10', 'p90') - 0.8)).toBeLessThan(4 * Math.sqrt((0.8 * 0.2 * 2) / 2000))
      }),
      { numRuns: 20 },
    )
  })

  it('holds its level among machines that truly were near their end, though they were predicted otherwise', () => {
    const random = seededRandom(11)
    // One in six of those with less than 30 left is taken for one with 40 left.
    const near = Array.from({ length: 600 }, (_, i) => {
      const truth = 30 * random()
      const median = i % 6 === 0 ? 40 : truth + 2 * (random() - 0.5)
      const quantiles: Forecast['quantiles'] = [median - 1, median - 1, median, median + 1, median + 1]
      return { forecast: { mean: median, quantiles }, truth }
    })
    const { outer } = calibrate(near, 125)
    const covered = near.filter(({ forecast: { mean }, truth }) => Math.abs(mean - truth) <= 1 + outer[0]!)
    expect(covered.length / near.length).toBeGreaterThanOrEqual(0.9)
  })

  it('does so in the intervals that come out, also where a surprise is rare among what looks alike', () => {
    const random = seededRandom(12)
    const outcomeAt = (truth: number, median: number) => {
      const quantiles: Forecast['quantiles'] = [median - 1, median - 1, median, median + 1, median + 1]
      return { forecast: { mean: median, quantiles }, truth }
    }
    // One in four of those with less than 30 left is taken for one of the many that really have 44 left.
    const near = Array.from({ length: 500 }, (_, i) => {
      const truth = 30 * random()
      return outcomeAt(truth, i % 4 === 0 ? 44 : truth + 2 * (random() - 0.5))
    })
    const many = Array.from({ length: 3_000 }, () => outcomeAt(44 + 2 * (random() - 0.5), 44))
    const conformal = calibrate([...near, ...many], 125)
    const inside = (low: 'p05' | 'p10', high: 'p90' | 'p95') =>
      near.filter(({ forecast, truth }) => {
        const rul = calibrated(forecast, conformal, 125)
        return rul[low] <= truth && truth <= rul[high]
      }).length / near.length
    expect(inside('p05', 'p95')).toBeGreaterThanOrEqual(0.9)
    expect(inside('p10', 'p90')).toBeGreaterThanOrEqual(0.8)
  })

  it('draws together what is too wide', () => {
    const wide = exchangeable(3, 2000).map(({ forecast: { mean }, truth }) => ({
      forecast: { mean, quantiles: [mean - 300, mean - 200, mean, mean + 200, mean + 300] as const },
      truth,
    }))
    const { outer } = calibrate(wide as never, cap)
    expect(outer[0]).toBeLessThan(-200)
  })
})

describe('the probability of failing within the horizon', () => {
  const rul = { p05: 10, p10: 20, p50: 40, p90: 60, p95: 80 }

  it('is the level at a quantile, and linear between', () => {
    expect(probabilityWithin(20, rul)).toBeCloseTo(0.1)
    expect(probabilityWithin(40, rul)).toBeCloseTo(0.5)
    expect(probabilityWithin(30, rul)).toBeCloseTo(0.3)
    expect(probabilityWithin(80, rul)).toBeCloseTo(0.95)
  })

  it('has tails that halve', () => {
    expect(probabilityWithin(0, rul)).toBeCloseTo(0.025)
    expect(probabilityWithin(100, rul)).toBeCloseTo(0.975)
  })

  it('grows with the horizon and stays a probability', () => {
    const horizon = fc.double({ min: 0, max: 200, noNaN: true })
    fc.assert(
      fc.property(outputs, horizon, horizon, (raw, a, b) => {
        const q = calibrated(decodeForecast(raw, 0, 125), neutral, 125)
        const [low, high] = [probabilityWithin(Math.min(a, b), q), probabilityWithin(Math.max(a, b), q)]
        expect(low).toBeGreaterThanOrEqual(0)
        expect(high).toBeLessThanOrEqual(1)
        expect(high).toBeGreaterThanOrEqual(low - 1e-12)
      }),
    )
  })

  it('is small for a machine at the cap', () => {
    expect(probabilityWithin(36, { p05: 125, p10: 125, p50: 125, p90: 125, p95: 125 })).toBe(0)
  })
})

describe('conformal calibration', () => {
  it('brings too narrow intervals to their nominal coverage', () => {
    const forecast: Forecast = { mean: 50, quantiles: [48, 49, 50, 51, 52] }
    const outcomes = Array.from({ length: 400 }, (_, i) => ({ forecast, truth: 30 + (i % 41) }))
    const conformal = calibrate(outcomes, 125)
    const rul = calibrated(forecast, conformal, 125)
    const inside = (low: number, high: number) =>
      outcomes.filter(({ truth }) => low <= truth && truth <= high).length / outcomes.length
    // Between two bands' centres the widening is shared with a band that has no outcomes; at a centre it is exact.
    const centre: Forecast = { mean: 45, quantiles: [43, 44, 45, 46, 47] }
    const atCentre = calibrated(centre, conformal, 125)
    expect(atCentre.p95 - atCentre.p05).toBeGreaterThan(rul.p95 - rul.p05 - 40)
    const width = conformal.outer[1]!
    expect(inside(48 - width, 52 + width)).toBeGreaterThanOrEqual(0.9)
    expect(inside(48 - width, 52 + width)).toBeLessThan(0.97)
  })
})
