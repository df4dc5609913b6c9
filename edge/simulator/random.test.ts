import { describe, expect, it } from 'vitest'
import { createRandom } from './random.ts'

const draw = (seed: string | number, count = 20_000) => {
  const random = createRandom(seed)
  return Array.from({ length: count }, () => random.next())
}
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length

describe('seeded randomness', () => {
  it('repeats for a seed and differs between seeds, however similar', () => {
    expect(draw(7, 50)).toEqual(draw('7', 50))
    expect(draw('7/pump-01', 50)).not.toEqual(draw('7/pump-02', 50))
    expect(new Set(Array.from({ length: 1000 }, (_, seed) => draw(seed, 1)[0])).size).toBe(1000)
  })

  it('first draws of neighbouring seeds are spread evenly', () => {
    const firsts = Array.from({ length: 5000 }, (_, seed) => draw(`${seed}/x`, 1)[0]!)
    expect(mean(firsts)).toBeCloseTo(0.5, 1)
    const tenths = Array.from({ length: 10 }, (_, t) => firsts.filter((f) => Math.floor(f * 10) === t).length)
    for (const count of tenths) expect(Math.abs(count - 500)).toBeLessThan(110)
  })

  it('is uniform and without memory', () => {
    const values = draw('uniform')
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...values)).toBeLessThan(1)
    expect(mean(values)).toBeCloseTo(0.5, 2)
    const products = values.slice(1).map((v, i) => (v - 0.5) * (values[i]! - 0.5) * 12)
    expect(Math.abs(mean(products))).toBeLessThan(0.03)
  })

  it('draws normal values with the mean and deviation asked for', () => {
    const random = createRandom('normal')
    const values = Array.from({ length: 20_000 }, () => random.normal(5, 2))
    expect(mean(values)).toBeCloseTo(5, 1)
    expect(Math.sqrt(mean(values.map((v) => (v - 5) ** 2)))).toBeCloseTo(2, 1)
    const beyond = values.filter((v) => Math.abs(v - 5) > 4).length / values.length
    expect(beyond).toBeGreaterThan(0.04)
    expect(beyond).toBeLessThan(0.051)
  })

  it('draws exponential values with the mean asked for', () => {
    const random = createRandom('exponential')
    expect(mean(Array.from({ length: 20_000 }, () => random.exponential(80)))).toBeCloseTo(80, -0.5)
  })
})
