import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AssetType, parseAssetType } from './catalogue.ts'
import { priorityLevels, priorityOf } from './priority.ts'

const mode = (name: string, costPlanned: number, costFailure: number) => ({
  name,
  label: name,
  symptoms: {},
  action: '',
  skill: '',
  requiredLead: 1,
  costPlanned,
  costFailure,
})

const typeOf = (...failureModes: ReturnType<typeof mode>[]): AssetType =>
  parseAssetType(
    {
      name: 'fan',
      label: 'Fan',
      window: { by: 'grid', length: 4, minimum: 2 },
      cadenceMs: 1000,
      usage: { unit: 'h', perSlot: 1, perDay: 24 },
      rulCap: 100,
      horizon: 36,
      channels: [{ name: 'speed', label: 'Speed', unit: 'Hz', plausible: [0, 1] }],
      failureModes,
    },
    'fan.yaml',
  )

const fan = typeOf(mode('wear', 1800, 14_400), mode('dirt', 200, 200))
const base = { type: fan, mode: 'wear', probability: 0.5, criticality: 'medium' } as const

describe('priority', () => {
  it('is the risk over the cost of acting, weighed by the criticality', () => {
    expect(priorityOf(base)).toMatchObject({ level: 'high', score: 4, consequence: 8, weight: 1 })
    expect(priorityOf({ ...base, criticality: 'high' })).toMatchObject({ level: 'urgent', score: 8 })
    expect(priorityOf({ ...base, criticality: 'low' })).toMatchObject({ level: 'normal', score: 2 })
    expect(priorityOf({ ...base, mode: 'dirt' })).toMatchObject({ level: 'low', score: 0.5 })
  })

  it('says why in words, with every number', () => {
    expect(priorityOf(base).argument).toBe(
      'High: a failure within 36 h is 50 % likely; it costs 14,400 against 1,800 for the planned repair, 8 times; ' +
        'criticality medium counts 1. 50 % x 8 x 1 = 4 (urgent from 6, high from 3, normal from 1).',
    )
  })

  it('takes the costs of the whole type for a mode that has none, and says when it assumes', () => {
    expect(priorityOf({ ...base, mode: 'unknown' })).toMatchObject({
      consequence: 7.3,
      consequenceFrom: 'type',
    })
    expect(priorityOf({ ...base, type: undefined })).toMatchObject({ consequenceFrom: 'assumed', score: 1.5 })
    expect(priorityOf({ ...base, type: typeOf() }).argument).toContain(
      '3 times the planned repair is assumed',
    )
  })

  it('stays a number where the planned repair costs nothing', () => {
    expect(priorityOf({ ...base, type: typeOf(mode('wear', 0, 5)) })).toMatchObject({ consequence: 100 })
    expect(priorityOf({ ...base, type: typeOf(mode('wear', 0, 0)) }).consequenceFrom).toBe('assumed')
  })

  it('never falls when the probability or the cost of failure rises', () => {
    const unit = fc.double({ min: 0, max: 1, noNaN: true })
    const cost = fc.integer({ min: 0, max: 1_000_000 })
    const rank = (probability: number, costFailure: number) => {
      const { level } = priorityOf({ ...base, type: typeOf(mode('wear', 1000, costFailure)), probability })
      return -priorityLevels.indexOf(level)
    }
    fc.assert(
      fc.property(unit, unit, cost, cost, (p, q, a, b) => {
        const [low, high] = [rank(Math.min(p, q), Math.min(a, b)), rank(Math.max(p, q), Math.max(a, b))]
        expect(high).toBeGreaterThanOrEqual(low)
      }),
      { numRuns: 200 },
    )
  })
})
