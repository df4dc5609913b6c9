import { describe, expect, it } from 'vitest'
import { press, pressLife } from '../../../test/properties/tinyAsset.ts'
import { curveCollector } from './curves.ts'
import {
  bandsOf,
  exampleLives,
  type LifeOutcomes,
  type Outcome,
  outcomesOf,
  quantileCoverage,
  reliabilityOf,
} from './outcomes.ts'

const outcome = (truth: number, predicted = truth, probability = 0): Outcome => ({
  row: 0,
  predicted,
  rul: { p05: predicted - 10, p10: predicted - 5, p50: predicted, p90: predicted + 5, p95: predicted + 10 },
  probability,
  truth,
})
const many = (count: number, make: (i: number) => Outcome) => Array.from({ length: count }, (_, i) => make(i))

describe('outcomes', () => {
  it('leave out what is only a bound, and hold a forecast within the cap', () => {
    const life = pressLife(1, 3, 10)
    const said = { mean: 99, quantiles: [40, 50, 70, 80, 90] as [number, number, number, number, number] }
    const conformal = { centres: [30], inner: [0], outer: [0] }
    const outOfFold = [
      { life, rows: [1, 2], truth: [9, 8], bound: [false, true], forecasts: [said, said] },
      { life: { ...life, censored: true }, rows: [2], truth: [60], bound: [false], forecasts: [said] },
    ]
    const [seen, censored] = outcomesOf({ outOfFold, conformal }, press)
    expect(seen).toMatchObject({ failed: true, outcomes: [{ row: 1, predicted: 60, truth: 9 }] })
    expect(seen!.outcomes[0]!.rul).toEqual({ p05: 40, p10: 50, p50: 60, p90: 60, p95: 60 })
    expect(censored!.failed).toBe(false)
  })

  it('are covered by band of the truth', () => {
    // in the band of 15 to 30: one inside both intervals, one in the wider alone, one outside of both
    const bands = bandsOf([outcome(20, 20), outcome(20, 27), outcome(20, 35), outcome(60, 60)], 60)
    expect(bands).toMatchObject([
      { low: 15, high: 30, count: 3, coverage90: 2 / 3, coverage80: 1 / 3, width90: 20 },
      { low: 60, high: 60, count: 1, coverage90: 1 },
    ])
    expect(bands[0]!.rmse).toBeCloseTo(Math.sqrt((7 ** 2 + 15 ** 2) / 3))
  })

  it('are said beside seen, in bins with enough windows', () => {
    const outcomes = [
      ...many(40, (i) => outcome(i < 10 ? 5 : 50, 0, i % 2 === 0 ? 0.21 : 0.29)),
      ...many(20, () => outcome(20, 20, 1)),
      ...many(19, () => outcome(5, 5, 0.5)),
    ]
    expect(reliabilityOf(outcomes, 20)).toEqual([
      { said: expect.closeTo(0.25), seen: 0.25, count: 40 },
      { said: 1, seen: 1, count: 20 },
    ])
  })

  it('count quantiles where the failure is in sight', () => {
    const outcomes = [...many(30, (i) => outcome(i < 3 ? 20 : 40, 35)), ...many(50, () => outcome(60, 46))]
    expect(quantileCoverage(outcomes, 60).map(({ seen, count }) => [seen, count])).toEqual([
      [0.1, 30],
      [0.1, 30],
      [0.1, 30],
      [1, 30],
      [1, 30],
    ])
    expect(quantileCoverage(outcomes.slice(11), 60)).toEqual([])
  })

  it('have their best, middling and worst life, each once', () => {
    const life = (id: string, error: number, failed = true): LifeOutcomes => ({
      life: { ...pressLife(1, 3), id },
      failed,
      outcomes: [outcome(20, 20 + error), outcome(10, 10 - error)],
    })
    const named = (lives: LifeOutcomes[]) => exampleLives(lives).map((one) => [one.name, one.life.life.id])
    expect(named([life('c', 3), life('a', 1), life('b', 2), life('x', 0, false)])).toEqual([
      ['best', 'a'],
      ['median', 'b'],
      ['worst', 'c'],
    ])
    expect(named([life('a', 1)])).toEqual([['best', 'a']])
    expect(named([])).toEqual([])
  })
})

it('tells the learning curves of networks apart', () => {
  const heard: number[] = []
  const { onProgress, curves } = curveCollector({ forecaster: 2, autoencoder: 3 }, ({ loss }) => {
    heard.push(loss)
  })
  for (const loss of [4, 3, 2, 1]) void onProgress({ kind: 'forecaster', share: 0, loss })
  for (const loss of [9, 8, 7]) void onProgress({ kind: 'autoencoder', share: 0, loss })
  expect(curves()).toEqual([
    { kind: 'forecaster', losses: [4, 3] },
    { kind: 'forecaster', losses: [2, 1] },
    { kind: 'autoencoder', losses: [9, 8, 7] },
  ])
  expect(heard).toEqual([4, 3, 2, 1, 9, 8, 7])
})
