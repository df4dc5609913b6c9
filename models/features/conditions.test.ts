import { describe, expect, it } from 'vitest'
import { seededRandom } from '../training/random.ts'
import { compileFeatures } from './compute.ts'
import { fitConditions } from './conditions.ts'
import { compileRegime, fitRegime } from './regime.ts'

/** Altitude, Mach number and throttle of six conditions like those of FD002, with what a sensor reads there. */
const six = [
  { settings: [0, 0, 100], offset: 500, gain: 1 },
  { settings: [10, 0.25, 100], offset: 650, gain: 2 },
  { settings: [20, 0.7, 100], offset: 300, gain: 0.5 },
  { settings: [25, 0.62, 60], offset: 900, gain: 3 },
  { settings: [35, 0.84, 100], offset: 100, gain: 1.5 },
  { settings: [42, 0.84, 100], offset: 80, gain: 4 },
] as const
const names = ['altitude', 'mach', 'throttle']
const channels = [...names, 'heat']

/** Rows of a machine whose heat, taken by itself, is `plain`; the condition changes at random with every row. */
function flown(seed: number, plain: readonly number[]) {
  const random = seededRandom(seed)
  return plain.map((heat) => {
    const { settings, offset, gain } = six[Math.floor(random() * six.length)]!
    const near = settings.map((s) => s + 0.003 * (random() - 0.5))
    return { settings: Float64Array.from(near), heat: Float64Array.of(offset + gain * heat) }
  })
}

const healthy = (seed: number, count: number) => {
  const random = seededRandom(seed)
  return Array.from({ length: count }, () => random() + random() + random() - 1.5)
}

describe('operating conditions', () => {
  const rows = flown(1, healthy(2, 3000))
  const conditions = fitConditions(
    names,
    rows.map((r) => r.settings),
    rows.map((r) => r.heat),
  )!

  it('are found in the settings, with what is read there', () => {
    expect(conditions.centres).toHaveLength(6)
    for (const { settings, offset, gain } of six) {
      const at = conditions.centres.findIndex((centre) =>
        centre.every((x, s) => Math.abs(x - settings[s]!) < 0.01),
      )
      expect(at).toBeGreaterThanOrEqual(0)
      expect(Math.abs(conditions.mean[at]![0]! - offset)).toBeLessThan(0.15 * gain)
      expect(conditions.spread[at]![0]! / gain).toBeCloseTo(0.5, 1)
    }
  })

  it('leave of a machine that wears what it would show without them', () => {
    const wear = healthy(5, 400).map((noise, i) => noise + i / 40)
    const remove = compileRegime(conditions, channels)
    const seen = flown(6, wear).map(({ settings, heat }) => {
      const inputs = Float64Array.from(heat)
      remove(Float32Array.from([...settings, heat[0]!]), 0, inputs)
      return inputs[0]!
    })
    seen.forEach((value, i) => {
      // Spreads of some 500 rows are known to a few percent.
      expect(Math.abs(value - wear[i]! / 0.5)).toBeLessThan(0.13 * (2 + Math.abs(wear[i]! / 0.5)))
    })
  })

  it('go through the features of a window', () => {
    const shape = {
      inputs: ['heat'],
      smoothings: [{ kind: 'mean' as const, over: 50 }],
      usage: null,
      regime: conditions,
    }
    const window = flown(8, new Array<number>(50).fill(2))
    const values = Float32Array.from(window.flatMap(({ settings, heat }) => [...settings, heat[0]!]))
    const [mean] = compileFeatures(shape, channels)({ values, rows: 50, channels: 4 })
    expect(mean).toBeCloseTo(4, 0)
  })

  it('are none where settings move over a range, do not move, or explain nothing', () => {
    const random = seededRandom(3)
    const ranged = rows.map(() => Float64Array.of(random(), random(), random()))
    const still = rows.map(() => Float64Array.of(1, 2, 3))
    const heat = rows.map((r) => r.heat)
    expect(fitConditions(names, ranged, heat)).toBeNull()
    expect(fitConditions(names, still, heat)).toBeNull()
    const noise = healthy(9, rows.length).map((x) => Float64Array.of(x))
    expect(
      fitConditions(
        names,
        rows.map((r) => r.settings),
        noise,
      ),
    ).toBeNull()
  })

  it('come before a quadratic, which is left for settings that move over a range', () => {
    const random = seededRandom(4)
    const speeds = rows.map(() => Float64Array.of(5 + random()))
    const heat = speeds.map(([speed]) => Float64Array.of(3 * speed! ** 2))
    expect(fitRegime(['speed'], speeds, heat)).not.toHaveProperty('kind')
    const found = fitRegime(
      names,
      rows.map((r) => r.settings),
      rows.map((r) => r.heat),
    )
    expect(found).toHaveProperty('kind', 'conditions')
  })
})
