import { describe, expect, it } from 'vitest'
import { parseUnits } from './units.ts'

describe('units', () => {
  it('are ranges and single numbers', () => {
    const chosen = parseUnits('3, 81-83')
    expect([2, 3, 80, 81, 83, 84].map(chosen)).toEqual([false, true, false, true, true, false])
  })

  it('are all where nothing is said', () => {
    expect(parseUnits(undefined)(7)).toBe(true)
  })

  it('are refused when unreadable', () => {
    expect(() => parseUnits('81..100')).toThrowError(expect.objectContaining({ code: 'REQUEST_INVALID' }))
  })
})
