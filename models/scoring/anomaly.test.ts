import { describe, expect, it } from 'vitest'
import { seededRandom } from '../training/random.ts'
import { anomalyStatistic, calibrateAnomaly, contributionsOf, tailProbability } from './anomaly.ts'

const random = seededRandom(7)
const healthy = Array.from({ length: 4000 }, () => [random() - 0.5, 2 * (random() - 0.5)])
const calibration = calibrateAnomaly(healthy)
const probability = (residual: readonly number[]) =>
  tailProbability(anomalyStatistic(residual.map((r, c) => r / calibration.residualScale[c]!)), calibration)

describe('the anomaly', () => {
  it('is uniform on healthy windows: a share q of them lies below q', () => {
    const values = healthy.map(probability)
    for (const q of [0.01, 0.05, 0.2, 0.5, 0.8]) {
      const share = values.filter((p) => p <= q).length / values.length
      expect(Math.abs(share - q)).toBeLessThan(0.02)
    }
  })

  it('falls as the deviation grows, also beyond anything seen', () => {
    const values = [0.1, 0.5, 1, 2, 4].map((r) => probability([r, r]))
    expect(values).toEqual([...values].sort((a, b) => b - a))
    expect(values.at(-1)).toBeLessThan(1e-6)
    expect(values.at(-1)).toBeGreaterThanOrEqual(0)
  })
})

describe('contributions', () => {
  it('are signed shares whose absolute values sum to 1', () => {
    expect(contributionsOf(['a', 'b'], [3, -1])).toEqual({ a: 0.75, b: -0.25 })
    expect(contributionsOf(['a', 'b'], [0, 0])).toEqual({ a: 0, b: 0 })
  })
})
