import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LastTimes } from './lastTimes.ts'

describe('last times', () => {
  it('shows readers what is committed, and the writer what it has moved on', () => {
    const last = new LastTimes([[2, 10]])
    expect([last.advance(2, 10), last.advance(2, 11), last.advance(2, 11), last.advance(500, 1)]).toEqual([
      false,
      true,
      false,
      true,
    ])
    expect([last.of(2), last.of(500), last.of(7)]).toEqual([10, undefined, undefined])
    last.commit()
    expect([last.of(2), last.of(500), last.earliest()]).toEqual([11, 1, 1])
  })

  it('is the running maximum of each series, over any transactions', () => {
    const step = fc.record({ series: fc.nat(200), time: fc.integer({ min: -50, max: 50 }) })
    fc.assert(
      fc.property(fc.array(fc.array(step)), (transactions) => {
        const last = new LastTimes([])
        const expected = new Map<number, number>()
        for (const steps of transactions) {
          for (const { series, time } of steps) {
            const isLater = time > (expected.get(series) ?? Number.NEGATIVE_INFINITY)
            expect(last.advance(series, time)).toBe(isLater)
            if (isLater) expected.set(series, time)
          }
          last.commit()
          for (let series = 0; series < 200; series++) expect(last.of(series)).toBe(expected.get(series))
        }
        expect(last.earliest()).toBe(Math.min(...expected.values()))
      }),
    )
  })
})
