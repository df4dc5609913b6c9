import { describe, expect, it } from 'vitest'
import { expandOnce, expandQuery, intervalFor, intervalText, type Values } from './grafana.ts'

const expand = (query: string, values: Values = {}) =>
  expandQuery(query, { values, from: 1_000, to: 61_000, intervalMs: 60_000 })

describe('expandQuery', () => {
  it('puts in the time range and the intervals, wherever they stand', () => {
    expect(expand('WHERE $timeFilter GROUP BY time($__interval)')).toBe(
      'WHERE time >= 1000ms and time <= 61000ms GROUP BY time(1m)',
    )
    expect(expand('$interval $__interval_ms $timeFilter $timeFilter')).toBe(
      `1m 60000 ${Array(2).fill('time >= 1000ms and time <= 61000ms').join(' ')}`,
    )
    expect(expand(`time >= \${__from}ms - 1h AND time <= \${__to}ms`)).toBe(
      'time >= 1000ms - 1h AND time <= 61000ms',
    )
  })

  it('makes several values an alternative, each escaped, the slash too', () => {
    const values = { site: { value: ['a.b', 'c/d (e)'], multi: true } }
    expect(expand('=~ /^$site$/', values)).toBe('=~ /^(a\\.b|c\\/d \\(e\\))$/')
  })

  it('escapes one of several values, as a repeated panel has it', () => {
    expect(expand('mean(/^$channel$/)', { channel: { value: 'a.b', multi: true } })).toBe('mean(/^a\\.b$/)')
  })

  it('escapes a single value only inside a regular expression, and never what begins like a number', () => {
    const values = { device: { value: 'P.1' }, pump: { value: '4.2' } }
    expect(expand('=~ /^$device$/', values)).toBe('=~ /^P\\.1$/')
    expect(expand("= '$device'", values)).toBe("= 'P.1'")
    expect(expand('=~ /^$pump$/', values)).toBe('=~ /^4.2$/')
  })

  it('knows all three ways to write a variable and leaves other names alone', () => {
    const values = { site: { value: 'north' } }
    expect(expand(`$site \${site} [[site]] $col $sites`, values)).toBe('north north north $col $sites')
  })
})

describe('expandOnce', () => {
  it('puts the time filter in once, relative as the range is', () => {
    const scope = { values: { site: { value: 'north' } }, from: 0, to: 1 }
    const range = { from: 'now-6h', to: 'now' }
    expect(expandOnce('$site $timeFilter $timeFilter', { ...scope, range })).toBe(
      'north time >= now() - 6h and time <= now() $timeFilter',
    )
    expect(expandOnce('$timeFilter', { ...scope, range: { from: '1970-01-01T00:00:02Z', to: 'now' } })).toBe(
      'time >= 2000ms and time <= now()',
    )
  })
})

describe('intervals', () => {
  it('are written in their largest unit', () => {
    expect([1, 15_000, 90_000, 7_200_000, 86_400_000].map(intervalText)).toEqual([
      '1ms',
      '15s',
      '1m',
      '2h',
      '1d',
    ])
  })

  it('are round and not finer than what is stored', () => {
    expect(intervalFor(7 * 86_400_000, 1_000, 10_000)).toBe(15 * 60_000)
    expect(intervalFor(60_000, 1_000, 10_000)).toBe(10_000)
  })
})
