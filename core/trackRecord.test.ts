import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { kindRecordOf } from './trackRecord.ts'
import { wilsonLower, z95 } from './wilson.ts'

describe('Wilson’s lower bound', () => {
  it('is what the formula gives', () => {
    // 10 of 10: 1 / (1 + z^2 / 10); half: 0.5 (1 - z / sqrt(n + z^2))
    expect(wilsonLower(10, 10, z95)).toBeCloseTo(1 / (1 + 1.6449 ** 2 / 10), 12)
    expect(wilsonLower(8, 16, z95)).toBeCloseTo(0.5 * (1 - 1.6449 / Math.sqrt(16 + 1.6449 ** 2)), 12)
    expect(wilsonLower(0, 0, z95)).toBe(0)
    expect(wilsonLower(0, 5, z95)).toBe(0)
  })

  it('is below the share, and comes nearer with more of the same', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), fc.nat(100), (of, some) => {
        const right = Math.min(some, of)
        expect(wilsonLower(right, of, z95)).toBeLessThanOrEqual(right / of)
        expect(wilsonLower(right * 10, of * 10, z95)).toBeGreaterThanOrEqual(wilsonLower(right, of, z95))
      }),
    )
  })
})

describe('a track record in words', () => {
  const sentence = (judged: number, confirmed: number, medianLeadMs: number | null) =>
    kindRecordOf('pump', 'wear', { judged, confirmed, medianLeadMs }).sentence
  it('says how many were right and how much time they gave', () => {
    expect(sentence(20, 14, 9 * 86_400_000)).toBe(
      '14 of the last 20 of this kind confirmed, median lead 9 days; at least 51 % of such tickets are right, with 95 % confidence.',
    )
    expect(sentence(1, 1, 40 * 3_600_000)).toContain('median lead 40 hours')
    expect(sentence(3, 0, null)).toMatch(/^0 of the last 3 of this kind confirmed; at least 0 %/)
    expect(sentence(0, 0, null)).toBe('No ticket of this kind has been looked at yet.')
  })
})
