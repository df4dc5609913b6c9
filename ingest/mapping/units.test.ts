import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Conversion, conversion, convert, knownUnits } from './units.ts'

function converted(value: number, from: string, to: string): number {
  const line = conversion(from, to)
  if (typeof line === 'string') throw new Error(line)
  return convert(line, value)
}

describe('unit conversion', () => {
  it.each([
    [212, 'degF', 'Cel', 100],
    [-40, '°F', 'Cel', -40],
    [373.15, 'K', 'Cel', 100],
    [671.67, '[degR]', 'Cel', 100],
    [14.5037738, 'psi', 'bar', 1],
    [350, 'kPa', 'bar', 3.5],
    [0.1, 'in/s', 'mm/s', 2.54],
    [0.0025, 'm/s', 'mm/s', 2.5],
    [1500, 'l/min', 'm3/h', 90],
    [24, 'l/s', 'm3/h', 86.4],
    [100, 'gpm', 'm3/h', 22.7124707],
    [25, 'Hz', '{rpm}', 1500],
    [1500, 'rpm', '{rpm}', 1500],
    [1500, '/min', 'Hz', 25],
    [157.0796327, 'rad/s', '{rpm}', 1500],
    [31_500, 'mA', 'A', 31.5],
    [50, '%', '1', 0.5],
  ])('%d %s in %s', (value, from, to, expected) =>
    expect(converted(value, from, to)).toBeCloseTo(expected, 6),
  )

  it.each([
    ['degF', 'bar', /temperature.*pressure/],
    ['furlong', 'mm/s', /furlong is not known/],
    ['mm/s', '{stroke}', /no conversion/],
    ['m/s', 'toString', /no conversion/],
  ])('has no way from %s to %s', (from, to, why) => expect(conversion(from, to)).toMatch(why))

  it('leaves alone what is the same unit, also one that it does not know', () => {
    expect(converted(7, '{stroke}', '{stroke}')).toBe(7)
    expect(converted(0.1, 'mm/s', 'mm/s')).toBe(0.1)
  })

  it('goes there and back for every pair of units of a dimension', () => {
    const pairs = knownUnits.flatMap((from) =>
      knownUnits.flatMap((to) => {
        const [there, back] = [conversion(from, to), conversion(to, from)]
        return typeof there === 'string' || typeof back === 'string' ? [] : [[there, back] as const]
      }),
    )
    expect(pairs.length).toBeGreaterThan(knownUnits.length)
    const value = fc.double({ min: -1e6, max: 1e6, noNaN: true })
    fc.assert(
      fc.property(fc.constantFrom<readonly [Conversion, Conversion]>(...pairs), value, ([there, back], v) => {
        const middle = convert(there, v)
        const scale = Math.max(
          1,
          Math.abs(v),
          Math.abs(middle * back.factor),
          Math.abs(there.shift),
          Math.abs(back.offset),
        )
        expect(Math.abs(convert(back, middle) - v) / scale).toBeLessThan(1e-9)
      }),
    )
  })
})
