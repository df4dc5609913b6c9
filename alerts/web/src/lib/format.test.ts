import { describe, expect, it } from 'vitest'
import { formatCompact, formatNumber, formatProbability, rarityWords } from './format.ts'

describe('formatNumber', () => {
  it('keeps about three digits and never an exponent', () => {
    expect([1234.5, 12.345, 0.12345, 0.000_01, 0].map((v) => formatNumber(v))).toEqual([
      '1,235',
      '12.3',
      '0.123',
      '0.00001',
      '0',
    ])
  })

  it('shows a dash for what is no number', () => {
    expect(formatNumber(Number.NaN)).toBe('-')
  })
})

describe('formatProbability', () => {
  it('never reads as certain where it is not', () => {
    expect([0, 0.004, 0.5, 0.994, 1].map(formatProbability)).toEqual([
      '0 %',
      '<1 %',
      '50 %',
      '>99 %',
      '100 %',
    ])
  })
})

describe('rarityWords', () => {
  it('says how rarely a healthy machine looks like this', () => {
    expect([0, 0.004, 0.05, 0.6].map(rarityWords)).toEqual([
      'less than 1 time in 10,000',
      '1 time in 250',
      '1 time in 20',
      'commonly',
    ])
  })
})

describe('formatCompact', () => {
  it('shortens large counts', () => {
    expect([950, 12_345, 3_200_000].map(formatCompact)).toEqual(['950', '12.3k', '3.2m'])
  })
})
