import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { leastPastDays, morning, planPast } from './past.ts'

describe('the faults of the past', () => {
  it('begin within it, each in a machine of its own', () => {
    const fleets = fc.record({
      seed: fc.string(),
      pumps: fc.integer({ min: 1, max: 60 }),
      days: fc.integer({ min: leastPastDays, max: 90 }),
    })
    fc.assert(
      fc.property(fleets, ({ seed, pumps, days }) => {
        const planned = planPast(seed, pumps, days)
        expect(planned.length).toBeGreaterThan(0)
        expect(new Set(planned.map(({ pump }) => pump)).size).toBe(planned.length)
        for (const { pump, slot } of planned) {
          expect(pump).toBeLessThan(pumps)
          // a day at least in which the machine is seen healthy
          expect(slot).toBeGreaterThanOrEqual(144)
          expect(slot).toBeLessThan(days * 144)
        }
        expect(planPast(seed, pumps, days)).toEqual(planned)
      }),
    )
  })

  it('end in the morning', () => {
    const now = new Date(2026, 4, 6, 22, 10).getTime()
    expect(new Date(morning(now, 364))).toEqual(new Date(2025, 4, 7, 6, 0))
  })
})
