import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileFeatures, forgetUsage } from './compute.ts'
import { leastSquares } from './leastSquares.ts'
import { fitNormalisation, normaliseInto } from './normalise.ts'
import { fitRegime } from './regime.ts'
import { compileTogether } from './shared.ts'

const channels = ['age', 'speed', 'heat']
const shape = {
  inputs: ['heat'],
  smoothings: [
    { kind: 'ema' as const, alpha: 0.1 },
    { kind: 'mean' as const, over: 3 },
  ],
  usage: 'age',
  regime: null,
}

const windowOf = (heat: readonly number[]) => ({
  values: Float32Array.from(heat.flatMap((h, i) => [i + 1, 2, h])),
  rows: heat.length,
  channels: 3,
})

describe('features', () => {
  it('start the moving average as a running mean', () => {
    const [ema] = compileFeatures(shape, channels)(windowOf([1, 2, 6]))
    expect(ema).toBeCloseTo(3, 12)
  })

  it('give the moving average its weight once the mean is long enough', () => {
    const heat = Array.from({ length: 40 }, (_, i) => (i < 39 ? 0 : 1))
    expect(compileFeatures(shape, channels)(windowOf(heat))[0]).toBeCloseTo(0.1, 12)
  })

  it('average the newest rows, and tell the age', () => {
    const features = compileFeatures(shape, channels)(windowOf([100, 1, 2, 3]))
    expect(features[1]).toBe(2)
    expect(features[2]).toBe(4)
  })

  it('flag a usage that lacks, and count the rows that were used', () => {
    const features = compileFeatures({ ...shape, usageMayLack: true, history: true }, channels)
    expect([...features(windowOf([1, 2, 3]))].slice(2)).toEqual([3, 0, 3])
    const silent = windowOf([1, 2, 3, 4])
    silent.values[9] = Number.NaN
    expect([...features(silent, 1)].slice(2)).toEqual([Number.NaN, 1, 3])
  })

  it('forget a usage as if the window had never told it', () => {
    const own = { ...shape, usageMayLack: true, history: true }
    const features = compileFeatures(own, channels)
    const heat = fc.array(fc.double({ min: -50, max: 50, noNaN: true }), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(heat, (values) => {
        const silent = windowOf(values)
        for (let row = 0; row < silent.rows; row++) silent.values[3 * row] = Number.NaN
        expect(forgetUsage(features(windowOf(values)), own)).toEqual(features(silent))
      }),
    )
  })

  it('are the same for a model alone and beside one that looks at less', () => {
    const own = { ...shape, usageMayLack: true, history: true }
    const other = { ...shape, smoothings: [{ kind: 'ema' as const, alpha: 0.1 }], usage: null }
    const together = compileTogether([own, other], channels)
    const [first, second] = together(windowOf([4, 5, 9]), 0)
    expect(first).toEqual(compileFeatures(own, channels)(windowOf([4, 5, 9])))
    expect(second).toEqual(compileFeatures(other, channels)(windowOf([4, 5, 9])))
  })

  it('smooth sums of inputs in the place of the inputs, and share no pass with a model that does not', () => {
    const own = { ...shape, inputs: ['heat', 'speed'] }
    const directed = { ...own, directions: [[1, -2]], smoothings: [{ kind: 'mean' as const, over: 2 }] }
    const window = windowOf([4, 5, 9])
    // Speed is 2 throughout: (5 - 4 + 9 - 4) / 2, then the age.
    expect([...compileFeatures(directed, channels)(window)]).toEqual([3, 3])
    const [first, second] = compileTogether([directed, own], channels)(window, 0)
    expect(first).toEqual(compileFeatures(directed, channels)(window))
    expect(second).toEqual(compileFeatures(own, channels)(window))
  })

  it('leave out the rows before the first usable one', () => {
    const features = compileFeatures(shape, channels)
    expect(features(windowOf([Number.NaN, 1, 2, 6]), 1)[0]).toBeCloseTo(3, 12)
  })

  it('take the regime out of every row', () => {
    const rows = Array.from({ length: 200 }, (_, i) => 1 + (i % 7))
    const regime = fitRegime(
      ['speed'],
      rows.map((s) => Float64Array.of(s)),
      rows.map((s) => Float64Array.of(5 + 3 * s + 2 * s * s)),
    )
    const features = compileFeatures({ ...shape, usage: null, regime }, channels)
    const values = Float32Array.from([3, 6, 2].flatMap((s, i) => [i, s, 5 + 3 * s + 2 * s * s + 4]))
    const [ema] = features({ values, rows: 3, channels: 3 })
    expect(ema).toBeCloseTo(4, 2)
  })

  it('know no regime where the settings explain nothing', () => {
    const rows = Array.from({ length: 100 }, (_, i) => i)
    const regime = fitRegime(
      ['speed'],
      rows.map((i) => Float64Array.of(i % 2)),
      rows.map((i) => Float64Array.of(i % 4 < 2 ? 1 : -1)),
    )
    expect(regime).toBeNull()
  })
})

describe('normalisation', () => {
  it('brings features to mean 0 and spread 1, leaves a constant alone, and bounds outliers', () => {
    const samples = [Float64Array.of(1, 5), Float64Array.of(3, 5)]
    const n = fitNormalisation(samples)
    const out = new Float32Array(2)
    normaliseInto(out, 0, samples[0]!, n)
    expect([...out]).toEqual([-1, 0])
    normaliseInto(out, 0, Float64Array.of(1e9, 5), n)
    expect(out[0]).toBe(10)
  })

  it('leaves what lacks out of the mean, and puts it there', () => {
    const n = fitNormalisation([Float64Array.of(1, Number.NaN), Float64Array.of(3, Number.NaN)])
    expect(fitNormalisation([Float64Array.of(1), Float64Array.of(Number.NaN), Float64Array.of(3)])).toEqual({
      mean: [2],
      scale: [1],
    })
    const out = new Float32Array(2)
    normaliseInto(out, 0, Float64Array.of(3, Number.NaN), n)
    expect([...out]).toEqual([1, 0])
  })
})

describe('least squares', () => {
  it('finds the plane that made the points', () => {
    fc.assert(
      fc.property(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 })), ([a, b]) => {
        const design = Array.from({ length: 30 }, (_, i) => [1, (i * 7) % 11])
        const [base, slope] = leastSquares(
          design,
          design.map((row) => a + b * row[1]!),
          0,
        )
        expect(base).toBeCloseTo(a, 6)
        expect(slope).toBeCloseTo(b, 6)
      }),
    )
  })
})
