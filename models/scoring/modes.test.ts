import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FailureMode } from '../../core/catalogue.ts'
import { fitModes, suspectMode } from './modes.ts'

const mode = (name: string, symptoms: Record<string, number>) =>
  ({ name, symptoms }) as unknown as FailureMode
const modes = [
  mode('leak', { pressure: -0.8, flow: -0.4 }),
  mode('imbalance', { vibration: 1 }),
  mode('wear', { vibration: 0.7, heat: 0.7 }),
]
const still = { vibration: 0, heat: 0, pressure: 0, flow: 0 }

describe('the suspected mode', () => {
  it('is the one whose symptoms point the same way, in noise and with weights that are only about right', () => {
    expect(suspectMode({ ...still, vibration: 0.9, pressure: -5, flow: -3 }, 1e-6, modes)).toBe('leak')
    expect(suspectMode({ ...still, vibration: 7, pressure: -1, flow: 1 }, 1e-6, modes)).toBe('imbalance')
    expect(suspectMode({ ...still, vibration: 6, heat: 3, flow: 0.5 }, 1e-6, modes)).toBe('wear')
  })

  it('is named at any stage of it', () => {
    fc.assert(
      fc.property(fc.constantFrom(...modes), fc.double({ min: 3, max: 12, noNaN: true }), (one, stage) => {
        const moved = Object.fromEntries(Object.entries(one.symptoms).map(([c, w]) => [c, stage * w]))
        expect(suspectMode({ ...still, ...moved }, 1e-6, modes)).toBe(one.name)
      }),
    )
  })

  it('does not care for channels that no mode names', () => {
    expect(suspectMode({ ...still, vibration: 4, colour: 9 }, 1e-6, modes)).toBe('imbalance')
  })

  it('is unknown where none fits, or where the machine looks healthy', () => {
    expect(suspectMode({ ...still, vibration: -5, pressure: 4, flow: 1 }, 1e-6, modes)).toBe('unknown')
    expect(suspectMode({ ...still, vibration: 6 }, 0.4, modes)).toBe('unknown')
    expect(suspectMode({ ...still, vibration: 6 }, 1e-6, [])).toBe('unknown')
  })
})

describe('the fits', () => {
  const deviation = fc.double({ min: -10, max: 10, noNaN: true })

  it('are of every mode, likeliest first, and explain a share', () => {
    fc.assert(
      fc.property(deviation, deviation, deviation, deviation, (vibration, heat, pressure, flow) => {
        const fits = fitModes({ vibration, heat, pressure, flow }, modes)
        expect(fits.map((f) => f.mode).sort()).toEqual(['imbalance', 'leak', 'wear'])
        for (const { explained } of fits) {
          expect(explained).toBeGreaterThanOrEqual(0)
          expect(explained).toBeLessThanOrEqual(1)
        }
        const likelihoods = fits.map((f) => f.likelihood)
        expect(likelihoods).toEqual(likelihoods.toSorted((a, b) => b - a))
      }),
    )
  })
})
