import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseTime } from './time.ts'

describe('parseTime', () => {
  it('gives back the instant that an ISO 8601 text names', () => {
    const dates = fc.date({ min: new Date(0), max: new Date(9999, 0), noInvalidDate: true })
    fc.assert(
      fc.property(dates, (date) => {
        expect(parseTime(date.toISOString())).toBe(date.getTime())
      }),
    )
  })

  it.each([
    [1_732_250_000_123.7, 1_732_250_000_123],
    ['1970-01-01T00:00:01Z', 1000],
    ['1970-01-01T01:00+01:00', 0],
    ['1970-01-01T01:00:00.5+0100', 500],
    ['1970-01-01T00:00:00,25Z', 250],
    ['1970-01-01T00:00:00.123456789Z', 123],
  ])('%j is %d', (value, time) => expect(parseTime(value)).toBe(time))

  it.each([
    undefined,
    null,
    true,
    {},
    [],
    Number.NaN,
    Number.POSITIVE_INFINITY,
    9e15,
    '',
    'now',
    '1732250000123',
    '2026-01-15',
    '2026-01-15T12:00:00',
    '2026-13-45T12:00:00Z',
    '15 Jan 2026',
  ])('%j is unreadable', (value) => expect(parseTime(value)).toBeNaN())
})
