import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hourMs } from '../../core/series.ts'
import { splitTrend } from './hours.ts'

const inHours = (ranges: readonly { from: number; to: number }[]) =>
  ranges.map(({ from, to }) => [from / hourMs, to / hourMs])

const split = (from: number, to: number, bucket: number, until: number, missing: number[] = []) => {
  const hours = missing.map((hour) => ({ from: hour * hourMs, to: (hour + 1) * hourMs }))
  const range = { from: from * hourMs, to: to * hourMs }
  const { hourly, raw } = splitTrend(range, bucket * hourMs, until * hourMs, hours)
  return { hourly: inHours(hourly), raw: inHours(raw) }
}

describe('a trend split into roll-ups and readings', () => {
  it('takes whole hours from the roll-ups, the cut ones and the newest from the readings', () => {
    expect(split(0.5, 9.25, 3, 8)).toEqual({
      hourly: [[1, 8]],
      raw: [
        [0.5, 1],
        [8, 9.25],
      ],
    })
    expect(split(1, 8, 1, 20)).toEqual({ hourly: [[1, 8]], raw: [] })
  })

  it('takes hours without a roll-up from the readings', () => {
    expect(split(0, 9, 1, 9, [0, 3, 4, 7, 20])).toEqual({
      hourly: [
        [1, 3],
        [5, 7],
        [8, 9],
      ],
      raw: [
        [0, 1],
        [3, 5],
        [7, 8],
      ],
    })
  })

  it('takes everything from the readings where buckets are not of whole hours, or nothing is rolled up', () => {
    for (const parts of [split(0, 9, 1.5, 9), split(0, 9, 1, 0), split(0.2, 0.8, 1, 9)]) {
      expect(parts.hourly).toEqual([])
      expect(parts.raw).toHaveLength(1)
    }
  })

  it('covers every moment once, in few parts, and no hour that is not rolled up from the roll-ups', () => {
    const time = fc.integer({ min: -200 * hourMs, max: 200 * hourMs })
    const hours = fc.array(fc.integer({ min: -210, max: 210 }), { maxLength: 150 })
    fc.assert(
      fc.property(time, time, hours, fc.integer({ min: -210, max: 210 }), (a, b, missing, until) => {
        const range = { from: Math.min(a, b), to: Math.max(a, b) + 1 }
        const starts = missing.map((hour) => hour * hourMs)
        const ranges = starts.map((from) => ({ from, to: from + hourMs }))
        const { hourly, raw } = splitTrend(range, 3 * hourMs, until * hourMs, ranges)
        const all = [...hourly, ...raw].sort((x, y) => x.from - y.from)
        expect([all[0]!.from, all.at(-1)!.to]).toEqual([range.from, range.to])
        for (const [i, part] of all.entries()) {
          expect(part.from).toBeLessThan(part.to)
          if (i > 0) expect(part.from).toBe(all[i - 1]!.to)
        }
        expect(raw.length).toBeLessThanOrEqual(32)
        for (const { from, to } of hourly) {
          expect([from % hourMs, to % hourMs].map(Math.abs)).toEqual([0, 0])
          expect(to).toBeLessThanOrEqual(until * hourMs)
          expect(starts.some((start) => start >= from && start < to)).toBe(false)
        }
      }),
    )
  })
})
