import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pressLife } from '../../../test/properties/tinyAsset.ts'
import { loadCatalogue } from '../../loadCatalogue.ts'
import { judgeSeeds } from '../evaluate.ts'
import { aimsOf } from './aims.ts'
import type { JudgedFold } from './fold.ts'
import { foldsOf } from './folds.ts'
import { joinFolds, meanOver } from './judged.ts'
import { protocols, shapeFor, typeFor } from './protocols.ts'
import { spread, tablesFor } from './studyTables.ts'

const turbofan = loadCatalogue().get('turbofan')!
const interval = (p50: number, half: number) => ({
  p05: p50 - half,
  p10: p50 - half / 2,
  p50,
  p90: p50 + half / 2,
  p95: p50 + half,
})
const predicted = (mean: number, half = 10) => ({ mean, rul: interval(mean, half) })
const cost = { bytes: 17304, singleMs: 0.1, batchedMs: 0.01, trainSeconds: 20 }

/** One prediction a fold: 10 late of 20 left with seed 1, right with seed 2. */
const fold = (truth: number, off: number): JudgedFold => {
  const seeds = [[predicted(truth + off)], [predicted(truth)]]
  return {
    truths: [truth],
    deployed: { whole: seeds, late: seeds, unknown: seeds },
    withoutAge: [[truth - off], [truth]],
    strict: [[truth + 2 * off], [truth]],
    baselines: {
      'linear ridge': [truth + off],
      'quadratic ridge': [truth + off],
      'network on the raw window': [truth],
    },
    costs: [cost, cost],
  }
}

describe('folds of the study', () => {
  it('hold every engine out once, and never train on one that is tested', () => {
    const lives = Array.from({ length: 23 }, (_, i) => pressLife(i, 40, 40))
    const folds = foldsOf(lives)
    expect(folds.flatMap((f) => f.tested.map((life) => life.id)).sort()).toEqual(
      lives.map((life) => life.id).sort(),
    )
    for (const { tested, training } of folds) {
      expect(training.length + tested.length).toBe(23)
      expect(training.some((life) => tested.includes(life))).toBe(false)
    }
  })

  it('are judged at once: the root of all squares, not a mean of roots', () => {
    const { figures, predictions } = joinFolds(turbofan, [fold(20, 10), fold(60, 30)])
    expect(predictions).toBe(2)
    expect(figures.deployed.whole.map((j) => j.rmseCapped)).toEqual([Math.sqrt((100 + 900) / 2), 0])
    // Score of 100 predictions: e^1 - 1 and e^3 - 1 twice fifty times.
    expect(figures.deployed.whole[0]!.score).toBeCloseTo(50 * (Math.E - 1 + Math.exp(3) - 1))
    expect(figures.ensemble.whole.rmseCapped).toBeCloseTo(Math.sqrt((25 + 225) / 2))
    expect(figures.withoutAge[0]!.score).toBeCloseTo(50 * (Math.exp(10 / 13) - 1 + Math.exp(30 / 13) - 1))
    expect(figures.strictEnsemble.rmseCapped).toBeCloseTo(Math.sqrt((100 + 900) / 2))
    // 20 within 30 +- 10, 60 not within 90 +- 10.
    expect(figures.deployed.whole[0]!.bands.below30).toEqual({ count: 1, coverage: 1, meanWidth: 20 })
    expect(figures.deployed.whole[0]!.coverage90).toBe(0.5)
  })

  it('hold the truth at the cap for one figure, and not for the other', () => {
    const { figures } = joinFolds(turbofan, [fold(135, 0)])
    expect(figures.deployed.whole[0]).toMatchObject({ rmseCapped: 10, rmseRaw: 0 })
  })

  it('become aims and tables with a value a seed', () => {
    const judged = joinFolds(turbofan, [fold(20, 10), fold(60, 30)])
    const aims = aimsOf('FD001', judged)
    const of = (set: string, figure: string) =>
      aims.find((aim) => aim.set === `C-MAPSS FD001, ${set}` && aim.figure === figure)!
    expect(of('with age', 'RMSE, cycles').values).toEqual([Math.sqrt(500), 0])
    expect(of('without age', 'RMSE, cycles').baseline?.name).toBe('linear ridge')
    expect(of('deployed network', 'weights, bytes').measured).toBe(17304)
    const [points, intervals] = tablesFor('FD001', judged)
    expect(points!.rows[0]).toEqual([
      'with age, history of 128 cycles',
      '11.18 [0.00, 22.36]',
      expect.anything(),
      expect.anything(),
    ])
    expect(intervals!.rows).toHaveLength(3)
  })
})

describe('seeds', () => {
  it('are averaged point by point', () => {
    const seeds = fc.array(
      fc.array(fc.double({ min: 0, max: 125, noNaN: true }), { minLength: 3, maxLength: 3 }),
      {
        minLength: 1,
        maxLength: 6,
      },
    )
    fc.assert(
      fc.property(seeds, (lists) => {
        meanOver(lists).forEach((mean, i) => {
          expect(mean).toBeGreaterThanOrEqual(Math.min(...lists.map((l) => l[i]!)) - 1e-9)
          expect(mean).toBeLessThanOrEqual(Math.max(...lists.map((l) => l[i]!)) + 1e-9)
        })
      }),
    )
    expect(
      meanOver([
        [1, 2],
        [3, 6],
      ]),
    ).toEqual([2, 4])
  })

  it('give the mean of their figures, and the figures of their mean', () => {
    const judged = judgeSeeds({ rulCap: 125 }, [{ truth: 50 }], [[predicted(60)], [predicted(44, 2)]])
    expect(judged.rmseCapped).toBeCloseTo((10 + 6) / 2)
    expect(judged.ensemble.rmseCapped).toBeCloseTo(2)
    expect(judged.coverage90).toBe(0.5)
    expect(judged.seeds).toHaveLength(2)
  })

  it('are shown by mean and range', () => {
    expect(spread([1, 2, 3.5], 1)).toBe('2.2 [1.0, 3.5]')
    expect(spread([7.123], 2)).toBe('7.12')
  })
})

describe('protocols', () => {
  const lives = [pressLife(1, 40, 40)].map((life) => ({
    ...life,
    values: turbofan.channels.map((_, c) => life.values[c % 3]!),
  }))

  it('let in only what they say', () => {
    const [withAge, withoutAge, strict] = protocols.map((p) => shapeFor(turbofan, lives, p))
    expect(withAge).toMatchObject({ usage: 'cycle', usageMayLack: true, history: true })
    for (const shape of [withoutAge!, strict!]) {
      expect(shape.usage).toBeNull()
      // The length of the history would tell the age.
      expect(shape.history).toBeUndefined()
      expect(shape.inputs).toHaveLength(14)
    }
    expect(protocols.map((p) => typeFor(turbofan, p).window.length)).toEqual([128, 128, 30])
  })
})
