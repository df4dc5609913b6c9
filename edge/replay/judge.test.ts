import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judgeReplay } from './judge.ts'

const engine = (device: string, lastCycle: number) => ({ device, lastCycle })
const ticket = (device: string, cycle: number) => ({ device, cycle })

describe('judging a replay', () => {
  it.each([
    [50, 'found'],
    [15, 'found'],
    [51, 'too_early'],
    [14, 'too_late'],
    [0, 'too_late'],
  ] as const)('a first ticket with %i cycles left is %s', (left, verdict) => {
    const { engines } = judgeReplay([engine('a', 200)], [ticket('a', 200 - left)])
    expect(engines).toEqual([{ device: 'a', lead: left, verdict }])
  })

  it('goes by the first ticket alone, also when it is told out of order', () => {
    const judged = judgeReplay([engine('a', 200)], [ticket('a', 170), ticket('a', 100), ticket('b', 180)])
    expect(judged).toMatchObject({ failures: 1, found: 0, missed: 1, falseAlarms: 1 })
  })

  it('sums up, with lead times over what was found, and the rule "cycle 128" beside it', () => {
    const engines = [engine('a', 200), engine('b', 150), engine('c', 160), engine('d', 300)]
    const tickets = [ticket('a', 170), ticket('b', 110), ticket('c', 155)]
    expect(judgeReplay(engines, tickets)).toMatchObject({
      failures: 4,
      found: 2,
      missed: 2,
      falseAlarms: 0,
      leadTime: { p10: 31, median: 35 },
      baseline: { failures: 4, found: 2, missed: 2, falseAlarms: 2, leadTime: { p10: 23, median: 27 } },
    })
  })

  it('says none where there are none', () => {
    expect(judgeReplay([engine('a', 100)], [])).toMatchObject({
      found: 0,
      missed: 1,
      leadTime: { p10: null, median: null },
      baseline: { missed: 1, falseAlarms: 0 },
    })
  })

  it('always has every failure either found or missed', () => {
    const lives = fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 20 })
    fc.assert(
      fc.property(lives, fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 20 }), (lasts, cycles) => {
        const judged = judgeReplay(
          lasts.map((last, i) => engine(String(i), last)),
          cycles.map((cycle, i) => ticket(String(i), cycle)),
        )
        expect(judged.found + judged.missed).toBe(lasts.length)
        expect(judged.falseAlarms).toBeLessThanOrEqual(judged.missed)
      }),
    )
  })
})
