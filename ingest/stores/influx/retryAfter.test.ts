import fc from 'fast-check'
import { expect, it } from 'vitest'
import { retryAfterMs } from './retryAfter.ts'

const now = Date.UTC(2026, 0, 15, 12)

// https://docs.influxdata.com/influxdb/v2/write-data/troubleshoot/ (503), https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
it('reads seconds and HTTP dates, a minute at the most', () => {
  expect(retryAfterMs('7', now)).toBe(7_000)
  expect(retryAfterMs(' 0 ', now)).toBe(0)
  expect(retryAfterMs('3600', now)).toBe(60_000)
  expect(retryAfterMs('Thu, 15 Jan 2026 12:00:20 GMT', now)).toBe(20_000)
  expect(retryAfterMs('Thu, 15 Jan 2026 11:00:00 GMT', now)).toBe(0)
  expect(retryAfterMs('Thu, 15 Jan 2099 11:00:00 GMT', now)).toBe(60_000)
})

it('takes nothing else', () => {
  for (const text of ['', 'soon', '-1', '1.5', '2026-01-15', '3 days', 'Thu, 99 Foo 2026 12:00:20 GMT']) {
    expect(retryAfterMs(text, now)).toBeUndefined()
  }
  expect(retryAfterMs(undefined, now)).toBeUndefined()
})

it('never waits longer than a minute or less than nothing, whatever stands there', () => {
  const header = fc.oneof(
    fc.string(),
    fc.nat().map(String),
    fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
  )
  fc.assert(
    fc.property(header, (text) => {
      const ms = retryAfterMs(text, now)
      expect(ms === undefined || (ms >= 0 && ms <= 60_000)).toBe(true)
    }),
  )
})

it('gives back any whole second up to a minute, said either way', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 60 }), (seconds) => {
      expect(retryAfterMs(String(seconds), now)).toBe(seconds * 1000)
      expect(retryAfterMs(new Date(now + seconds * 1000).toUTCString(), now)).toBe(seconds * 1000)
    }),
  )
})
