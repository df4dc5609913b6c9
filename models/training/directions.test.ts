import { describe, expect, it } from 'vitest'
import { press, pressLife } from '../../test/properties/tinyAsset.ts'
import type { TrainingLife } from './dataset.ts'
import { fitDirections } from './directions.ts'
import { seededRandom } from './random.ts'

const inputs = ['force', 'heat', 'speed']
const shape = { inputs, regime: null }

/** Wear drives force up and heat down; the noise of both is far larger in units than that of speed, which knows none. */
function wornLife(seed: number): TrainingLife {
  const random = seededRandom(seed)
  const noise = (spread: number) => spread * (random() + random() + random() - 1.5)
  const wear = Array.from({ length: 120 }, (_, row) => Math.max(0, row - 60) / 60)
  return {
    id: String(seed),
    values: [
      Float64Array.from(wear, (w) => 20 * w + noise(10)),
      Float64Array.from(wear, (w) => -20 * w + noise(10)),
      Float64Array.from(wear, () => noise(0.1)),
    ],
    rul: Float64Array.from(wear, (_, row) => 119 - row),
  }
}

const lives = [1, 2, 3, 4].map(wornLife)

describe('the directions of wear', () => {
  it('come first where wear shows most against noise', () => {
    const [force, heat, speed] = fitDirections(press, lives, shape, 1)[0]! as [number, number, number]
    // Both sensors tell it equally well, with opposite signs.
    expect(Math.abs(force + heat)).toBeLessThan(0.25 * Math.abs(force))
    // In the noise's own units speed hardly counts.
    expect(Math.abs(speed * 0.1)).toBeLessThan(0.25 * Math.abs(force * 10))
  })

  it('have noise of one unit each, whatever the units of the sensors', () => {
    for (const direction of fitDirections(press, lives, shape, 3)) {
      let [sum, count] = [0, 0]
      for (const { values } of lives)
        for (let row = press.window.minimum; row < 120; row++) {
          const at = (r: number) => direction.reduce((total, w, i) => total + w * values[i]![r]!, 0)
          sum += (at(row) - at(row - 1)) ** 2 / 2
          count += 1
        }
      expect(sum / count).toBeCloseTo(1, 1)
    }
  })

  it('are the same for the same lives, and no more than there are inputs', () => {
    expect(fitDirections(press, lives, shape, 9)).toHaveLength(3)
    expect(fitDirections(press, lives, shape, 2)).toEqual(fitDirections(press, lives, shape, 9).slice(0, 2))
  })

  it('stand a sensor that never changes', () => {
    const constant = [1, 2].map((seed) => {
      const life = pressLife(seed, 80, 80)
      return { ...life, values: [life.values[0]!, life.values[1]!.map(() => 40), life.values[2]!] }
    })
    const [first] = fitDirections(press, constant, shape, 1)
    expect(first!.every(Number.isFinite)).toBe(true)
    expect(Math.abs(first![0]!)).toBeGreaterThan(0)
  })
})
