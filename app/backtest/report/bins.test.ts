import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { binOf, leadBins } from './leadBins.ts'
import { periodsOf } from './periods.ts'

describe('the bins of lead times', () => {
  it('end at the horizon, so that leads of both its sides keep apart', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1e5, noNaN: true }),
        fc.integer({ min: 1, max: 5_000 }),
        (lead, horizon) => {
          const { width, count, labelled } = leadBins(lead, horizon)
          expect(count).toBeLessThanOrEqual(30)
          expect(count % labelled).toBe(0)
          expect(binOf(lead, width)).toBeLessThan(count)
          if (width > horizon) return
          expect(horizon / width).toBeCloseTo(Math.round(horizon / width), 9)
          const last = Math.round(horizon / width) - 1
          expect(binOf(horizon, width)).toBe(last)
          expect(binOf(horizon * 1.001, width)).toBe(last + 1)
        },
      ),
    )
  })

  it('hold a lead of nothing', () => {
    expect(leadBins(0, 36)).toEqual({ width: 3, count: 12, labelled: 2 })
    expect(binOf(0, 3)).toBe(0)
  })
})

describe('the periods of a history', () => {
  const day = 86_400_000

  it('are weeks from Monday on, or several where it is long', () => {
    const tuesday = Date.UTC(2026, 10, 24, 12)
    const short = periodsOf(tuesday, tuesday + 13 * day)
    expect(short.name).toBe('week')
    expect(short.starts).toEqual([Date.UTC(2026, 10, 23), Date.UTC(2026, 10, 30), Date.UTC(2026, 11, 7)])
    expect(periodsOf(tuesday, tuesday + 365 * day).name).toBe('4 weeks')
  })

  it('hold every time from the first to the last', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4e12 }),
        fc.integer({ min: 0, max: 40 * 365 * day }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (from, span, share) => {
          const { starts, indexOf } = periodsOf(from, from + span)
          const time = from + share * span
          const index = indexOf(time)
          expect(starts[index]).toBeLessThanOrEqual(time)
          expect(starts[index + 1] ?? Number.POSITIVE_INFINITY).toBeGreaterThan(time)
          expect(indexOf(from)).toBe(0)
          expect(indexOf(from + span)).toBe(starts.length - 1)
          expect(starts.length).toBeLessThanOrEqual(45)
        },
      ),
    )
  })
})
