import { describe, expect, it } from 'vitest'
import { readTime, type TimeFormat } from './times.ts'

const moment = Date.UTC(2026, 0, 15, 12, 0, 0, 250)

describe('time of a payload', () => {
  it.each<[unknown, TimeFormat, string | undefined]>([
    [moment, 'ms', undefined],
    [String(moment), 'ms', undefined],
    [moment / 1000, 's', undefined],
    [moment * 1000, 'us', undefined],
    [`${moment}000000`, 'ns', undefined],
    ['2026-01-15T12:00:00.250Z', 'iso8601', undefined],
    ['2026-01-15T13:00:00.250+01:00', 'iso8601', 'Z'],
    ['2026-01-15 13:00:00.250', 'iso8601', '+01:00'],
  ])('%j as %s', (value, format, zone) => expect(readTime(value, format, zone)).toBe(moment))

  it.each<[unknown, TimeFormat]>([
    ['2026-01-15T12:00:00', 'iso8601'],
    [moment, 'iso8601'],
    ['soon', 'ms'],
    ['', 's'],
    [null, 's'],
    [1e300, 'ms'],
    [undefined, 'ms'],
  ])('%j is none as %s', (value, format) => expect(readTime(value, format, undefined)).toBeNaN())
})
