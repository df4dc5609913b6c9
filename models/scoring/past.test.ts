import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { press } from '../../test/properties/tinyAsset.ts'
import { compileConformal, pastOf } from './past.ts'

const half = { ...press, usage: { ...press.usage, perSlot: 0.5 } }
const conformal = (outer: number) => ({ centres: [30], inner: [0], outer: [outer] })

describe('how much of a past a window shows', () => {
  it('is the whole where the rows reach back to the start, or as far as any window does', () => {
    expect(pastOf(half, 5, 10)).toBe('whole')
    expect(pastOf(half, 500, 16)).toBe('whole')
    // Two slots may be missing at the start, as anywhere.
    expect(pastOf(half, 6, 10)).toBe('whole')
    expect(pastOf(half, 6.5, 10)).toBe('late')
  })

  it('is unknown without usage, however long the window', () => {
    expect(pastOf(half, Number.NaN, 16)).toBe('unknown')
  })

  it('is never late again once the window is full', () => {
    const usage = fc.double({ min: 0, max: 1e6, noNaN: true })
    fc.assert(fc.property(usage, (told) => pastOf(half, told, half.window.length) === 'whole'))
  })
})

describe('the widening of an interval', () => {
  const withUsage = {
    ...press,
    channels: press.channels.map((c, i) => (i === 2 ? { ...c, role: 'usage' as const } : c)),
  }
  const window = (usage: number, rows = 6) => ({
    values: Float32Array.from({ length: 3 * rows }, () => usage),
    rows,
    channels: 3,
  })
  const all = { conformal: conformal(1), conformalLate: conformal(2), conformalUnknown: conformal(3) }

  it('is that of the past, rows before a hole not counted', () => {
    const choose = compileConformal(withUsage, { usage: 'speed' }, all)
    expect(choose(window(6), 0)).toBe(all.conformal)
    expect(choose(window(60), 0)).toBe(all.conformalLate)
    expect(choose(window(Number.NaN), 0)).toBe(all.conformalUnknown)
    expect(choose(window(16, 16), 0)).toBe(all.conformal)
    expect(choose(window(16, 16), 5)).toBe(all.conformalLate)
  })

  it('is one for all in a model that has no other', () => {
    const choose = compileConformal(withUsage, { usage: 'speed' }, { conformal: conformal(1) })
    expect(choose(window(60), 0)).toEqual(conformal(1))
    expect(compileConformal(press, { usage: null }, all)(window(60), 0)).toBe(all.conformal)
  })
})
