import { describe, expect, it } from 'vitest'
import { knownPumps, type Population, unseenPumps, variedPumps } from './population.ts'
import { fewestDays, planUnseenFleet, recordOf, slowestFault, timeAfterFirstSign } from './unseenFleet.ts'

const hour = 3_600_000
const day = 24 * hour

describe('an unseen fleet', () => {
  const plans = planUnseenFleet(7, 100, 90)
  const kinds = (kind: string) => plans.filter(({ fate }) => fate.kind === kind)

  it('has a fifth that fails, a tenth of these at once, some that are serviced, and every failure mode', () => {
    expect(kinds('wears')).toHaveLength(18)
    expect(kinds('breaks')).toHaveLength(2)
    expect(kinds('serviced').length).toBeGreaterThan(15)
    expect(new Set(kinds('wears').map(({ fate }) => 'mode' in fate && fate.mode)).size).toBe(5)
  })

  it('repeats for a seed, bit by bit, and differs between seeds', () => {
    const short = (seed: number) => recordOf(planUnseenFleet(seed, 5, fewestDays)[4]!)
    expect(short(1)).toEqual(short(1))
    expect(short(1).channels[0]).not.toEqual(short(2).channels[0])
  })

  it('ends every fault within its days: the truth about all of them is known', () => {
    expect(slowestFault()).toBeLessThan(timeAfterFirstSign)
    for (const plan of kinds('wears').slice(0, 5)) {
      const { moments, times } = recordOf(plan)
      const [sign, failed] = moments
      expect([sign!.kind, failed!.kind]).toEqual(['first_sign', 'failed'])
      const developed = (failed!.time - sign!.time) / hour
      expect(developed).toBeGreaterThan(0.7 * 70)
      expect(failed!.time).toBeLessThan(plan.until)
      expect(times.at(-1)).toBeLessThan(plan.until)
    }
  })

  it('stands still from a failure to its repair, and is cut off now and then', () => {
    const { moments, times } = recordOf(kinds('wears')[0]!)
    const failed = moments.find(({ kind }) => kind === 'failed')!.time
    const repaired = moments.find(({ kind }) => kind === 'repaired')!.time
    expect(repaired - failed).toBeGreaterThan(19 * hour)
    expect(times.filter((time) => time > failed && time < repaired)).toHaveLength(0)
    expect(times.length).toBeLessThan((90 * day - (repaired - failed)) / 600_000)
  })

  it('cannot be shorter than a fault takes', () => {
    expect(() => planUnseenFleet(1, 10, fewestDays - 1)).toThrow('14 days')
  })
})

describe('the population that judges', () => {
  it('differs from those that train in every part', () => {
    for (const training of [knownPumps, variedPumps])
      for (const part of Object.keys(unseenPumps) as (keyof Population)[])
        expect(unseenPumps[part], part).not.toEqual(training[part])
  })
})
