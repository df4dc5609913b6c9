import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseUnits } from './units.ts'

describe('units', () => {
  it('reads ranges and single units, each once, ascending', () => {
    expect(parseUnits('81-84')).toEqual([81, 82, 83, 84])
    expect(parseUnits('5, 2-3,3')).toEqual([2, 3, 5])
  })

  it.each(['', '0', 'a', '3-', '-3', '9-4', '1,,2', '1.5', '1-2-3'])('refuses %j', (text) => {
    expect(() => parseUnits(text)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
  })

  it('reads back whatever list is written', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 99_999 }), { minLength: 1 }), (units) => {
        expect(parseUnits(units.join(','))).toEqual(units.toSorted((a, b) => a - b))
      }),
    )
  })
})
