import { describe, expect, it } from 'vitest'
import { compareStrategies } from './costs.ts'
import { judgeTickets, type ObservedLife } from './outcome.ts'

const day = 86_400_000

const life = (device: string, days: number, end: ObservedLife['end'] = 'failed'): ObservedLife => ({
  device,
  from: 0,
  until: days * day,
  end,
  mode: 'wear',
  healthyUntil: null,
})

const parts = { costsOf: () => ({ planned: 1, failure: 10 }), requiredLead: () => 2 * day }

function compare(lives: readonly ObservedLife[], ...opened: [device: string, days: number][]) {
  const tickets = opened.map(([device, at]) => ({ device, mode: 'wear', openedAt: at * day }))
  const judged = judgeTickets(lives, tickets, { horizon: 20 * day, ...parts })
  const costs = compareStrategies(lives, judged, parts)
  return Object.fromEntries(costs.map((c) => [c.name, c]))
}

describe('the cost per day', () => {
  it('of running to failure and of a perfect predictor is what all lives cost over their time', () => {
    const { 'run to failure': never, 'perfect predictor': perfect } = compare([
      life('a', 100),
      life('b', 60),
      life('c', 40, 'running'),
    ])
    expect([never!.total, perfect!.total]).toEqual([20, 2])
    expect(never!.perDay).toBeCloseTo(20 / 200, 12)
    expect(perfect!.perDay).toBeCloseTo(2 / 200, 12)
  })

  it('of forewarn counts found, missed and false tickets, and the life that a repair gives away', () => {
    const lives = [life('found', 100), life('missed', 100), life('sound', 100, 'running')]
    const { forewarn } = compare(lives, ['found', 90], ['sound', 10])
    // one planned repair, one failure, one repair for nothing; of the found life 8 of 100 days are given away
    expect(forewarn!.total).toBe(1 + 10 + 1)
    expect(forewarn!.perDay).toBeCloseTo(12 / 292, 12)
  })

  it('of forewarn gives a life away to an early ticket, and saves its failure all the same', () => {
    const { forewarn } = compare([life('early', 100)], ['early', 30])
    expect(forewarn!.total).toBe(1)
    expect(forewarn!.perDay).toBeCloseTo(1 / 32, 12)
  })

  it('of forewarn is that of running to failure where it says nothing', () => {
    const { forewarn, 'run to failure': never } = compare([life('a', 100), life('b', 60)])
    expect(forewarn!.perDay).toBe(never!.perDay)
  })

  it('of age replacement is the best one in hindsight', () => {
    // all fail at about the same age: renewing just before it is nearly as good as knowing
    const { 'age replacement': age } = compare([life('a', 100), life('b', 101), life('c', 102)])
    expect(age!.age! / day).toBeCloseTo(100, 5)
    expect(age!.perDay).toBeCloseTo(3 / 300, 6)
  })

  it('of age replacement does not renew young machines because others die at birth', () => {
    const births = Array.from({ length: 9 }, (_, i) => life(`birth-${i}`, 1))
    const { 'age replacement': age } = compare([...births, life('old', 1000)])
    expect(age!.age! / day).toBeCloseTo(1000, 5)
    expect(age!.perDay).toBeCloseTo((9 * 10 + 1) / 1009, 6)
  })

  it('of age replacement is that of running to failure where nothing ever fails', () => {
    const { 'age replacement': age, 'run to failure': never } = compare([life('a', 100, 'running')])
    expect(age).toMatchObject({ age: null, perDay: 0 })
    expect(never!.perDay).toBe(0)
  })
})
