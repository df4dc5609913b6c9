import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeEvent } from './event.ts'

const newest = Date.UTC(2026, 0, 1)
const decode = (value: unknown) => decodeEvent(Buffer.from(JSON.stringify(value)), 'p1', newest)

describe('event', () => {
  it('reads a life event', () => {
    expect(decode({ time: 5, kind: 'repaired', detail: 'bearing changed' })).toEqual({
      ok: true,
      event: { device: 'p1', time: 5, kind: 'repaired', detail: 'bearing changed' },
    })
  })

  it.each(['planned_stop', 'planned stop', 'Planned-Stop'])('understands %j', (kind) => {
    expect(decode({ time: '2025-12-31T23:00:00Z', kind })).toMatchObject({
      event: { kind: 'planned_stop', time: newest - 3_600_000, detail: '' },
    })
  })

  it.each([
    [{ kind: 'repaired' }, 'bad_time'],
    [{ time: 'today', kind: 'repaired' }, 'bad_time'],
    [{ time: newest + 1, kind: 'repaired' }, 'too_far_ahead'],
    [{ time: 1, kind: 'exploded' }, 'wrong_shape'],
    [{ time: 1 }, 'wrong_shape'],
    [[], 'wrong_shape'],
    [null, 'wrong_shape'],
    ['repaired', 'wrong_shape'],
  ])('refuses %j as %s', (value, reason) => expect(decode(value)).toMatchObject({ ok: false, reason }))

  it('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), fc.json().map(Buffer.from)), (payload) => {
        const decoded = decodeEvent(payload, 'p1', newest)
        if (!decoded.ok) expect(decoded.detail.length).toBeLessThan(300)
      }),
    )
  })
})
