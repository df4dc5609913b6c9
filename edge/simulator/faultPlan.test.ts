import { describe, expect, it } from 'vitest'
import { planFaults } from './faultPlan.ts'
import { pumpModes } from './pumpFaults.ts'

const plans = Array.from({ length: 200 }, (_, seed) => planFaults(seed, 12))

describe('fault plan', () => {
  it('repeats for a seed', () => {
    expect(planFaults(7, 12)).toEqual(planFaults(7, 12))
  })

  it('breaks one or two different pumps of twelve, the first within three seconds at 20 readings a second', () => {
    for (const plan of plans) {
      expect([1, 2]).toContain(plan.length)
      expect(new Set(plan.map((f) => f.pump)).size).toBe(plan.length)
      expect(plan[0]!.slot).toBeLessThanOrEqual(60)
      for (const fault of plan) expect(fault.pump).toBeLessThan(12)
    }
  })

  it('comes to every pump and every mode', () => {
    expect(new Set(plans.flat().map((f) => f.pump)).size).toBe(12)
    expect(new Set(plans.flat().map((f) => f.mode)).size).toBe(pumpModes.length)
  })

  it('always has one fault, even for a single pump', () => {
    expect(planFaults(1, 1)).toHaveLength(1)
  })
})
