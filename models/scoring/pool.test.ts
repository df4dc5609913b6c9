import { describe, expect, it } from 'vitest'
import { seededRandom } from '../training/random.ts'
import { isLevelHeld, poolOf, quantileOf, shareToHold } from './pool.ts'

const forecast = { mean: 0, quantiles: [0, 0, 0, 0, 0] as const }
const outcome = (truth: number, device?: string) => ({ forecast, truth, device })
const byDevice = (o: { device?: string | undefined }) => o.device
const truth = (o: { truth: number }) => o.truth

describe('a pool of outcomes', () => {
  it('counts every outcome alike where no machine is named, and takes the ceil(level (n + 1))-th smallest', () => {
    const pool = poolOf(Array.from({ length: 19 }, (_, i) => outcome(i + 1)))
    expect(quantileOf(pool, 0.9, truth)).toBe(18)
    expect(quantileOf(pool, 0.5, truth)).toBe(10)
  })

  it('counts a machine once, however many outcomes it has', () => {
    const talkative = Array.from({ length: 80 }, () => outcome(1, 'a'))
    const pool = poolOf([...talkative, outcome(5, 'b'), outcome(9, 'c'), outcome(7, 'd')], byDevice)
    expect([...pool.weights].reduce((sum, w) => sum + w, 0)).toBeCloseTo(1, 12)
    // Of five machines, one of them missed, 0.6 are three.
    expect(quantileOf(pool, 0.6, truth)).toBe(7)
    expect(isLevelHeld(pool, 0.6, (o) => o.truth <= 7)).toBe(true)
    expect(isLevelHeld(pool, 0.6, (o) => o.truth <= 5)).toBe(false)
  })

  it('asks for all where so few machines cannot show the level', () => {
    const pool = poolOf(
      [1, 2, 3, 4].map((value) => outcome(value, String(value))),
      byDevice,
    )
    expect(shareToHold(pool, 0.9)).toBe(1)
    expect(quantileOf(pool, 0.9, truth)).toBe(4)
  })

  it('holds its level for a machine that is not among them, which a quantile over outcomes does not', () => {
    const random = seededRandom(5)
    // What a machine's outcomes have in common is all there is to them.
    const machines = (count: number, name: string) =>
      Array.from({ length: count }, (_, m) => ({ level: random(), device: `${name}${m}` }))
    const draws = 4000
    let [pooled, plain] = [0, 0]
    for (let draw = 0; draw < draws; draw++) {
      const known = machines(12, 'k').flatMap(({ level, device }) => [
        outcome(level, device),
        outcome(level, device),
      ])
      const fresh = random()
      if (fresh <= quantileOf(poolOf(known, byDevice), 0.8, truth)) pooled += 1
      if (fresh <= quantileOf(poolOf(known), 0.8, truth)) plain += 1
    }
    // Four standard errors.
    const chance = 4 * Math.sqrt((0.8 * 0.2) / draws)
    expect(pooled / draws).toBeGreaterThan(0.8 - chance)
    expect(plain / draws).toBeLessThan(0.8 - chance)
  })
})
