import { describe, expect, it } from 'vitest'
import { unitLabel } from './unit.ts'

describe('unitLabel', () => {
  it('writes the UCUM codes of the catalogue as on paper', () => {
    const codes = ['mm/s', 'Cel', 'A', 'bar', 'm3/h', '{rpm}', '1', '[degR]', '[psi]', '[lb_av]/s', '{cycle}']
    expect(codes.map(unitLabel)).toEqual([
      'mm/s',
      '°C',
      'A',
      'bar',
      'm³/h',
      'rpm',
      '',
      '°R',
      'psi',
      'lb/s',
      'cycle',
    ])
  })
})
