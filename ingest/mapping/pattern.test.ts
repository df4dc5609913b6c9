import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compilePattern, compileTopic, patternProblem, topicFilter, topicProblem } from './pattern.ts'

const match = (pattern: string, topic: string) => compileTopic(pattern).match(topic)

describe('topic pattern', () => {
  it.each([
    [
      'plant/{site}/{line}/{device}/+/state',
      'plant/north/l1/P-1/x/state',
      { site: 'north', line: 'l1', device: 'P-1' },
    ],
    ['plant/{line}-{device}', 'plant/l1-P-101', { line: 'l1', device: 'P-101' }],
    ['a.b/{x}', 'a.b/1', { x: '1' }],
    ['a/{rest...}', 'a/b/c', { rest: 'b/c' }],
    ['{device}/events/#', 'p1/events/a/b', { device: 'p1' }],
    ['shelly/{device}/status/switch:0', 'shelly/p1/status/switch:0', { device: 'p1' }],
  ])('%s reads %s', (pattern, topic, captures) => expect(match(pattern, topic)).toEqual(captures))

  it.each([
    ['a/{x}', 'a/b/c'],
    ['a/{x}', 'a/'],
    ['a.b/{x}', 'axb/1'],
    ['a/{rest...}', 'a'],
    ['a/+/c', 'a/b/d'],
    ['{x}-{y}/s', 'ab/s'],
  ])('%s does not take %s', (pattern, topic) => expect(match(pattern, topic)).toBeUndefined())

  it.each([
    '',
    '{rest...}',
    '#',
    '$SYS/{x}',
    'a/#/b',
    'a/b+/c',
    'a/{x}/{x}',
    'a/{x}/{x...}',
    'a/{x}{y}',
    'a/{X}',
    'a/{x',
    'a/{rest...}/b',
  ])('is not %j', (pattern) => expect(topicProblem(pattern)).toMatch(/./))

  it('reads back every topic that it writes, and its filter takes that topic', () => {
    const level = fc.stringMatching(/^[A-Za-z0-9_.: ]{1,12}$/)
    fc.assert(
      fc.property(fc.array(level, { minLength: 1, maxLength: 6 }), level, (levels, fixed) => {
        const pattern = `${fixed}/${levels.map((_, i) => `{p${i}}`).join('/')}`
        expect(topicProblem(pattern)).toBeUndefined()
        const captures = match(pattern, [fixed, ...levels].join('/'))
        expect(captures).toEqual(Object.fromEntries(levels.map((value, i) => [`p${i}`, value])))
        expect(topicFilter(pattern)).toBe([fixed, ...levels.map(() => '+')].join('/'))
      }),
    )
  })

  it.each([
    ['plant/{site}/{line}-{device}/+/state', 'plant/+/+/+/state'],
    ['a/{rest...}', 'a/#'],
  ])('subscribes for %s to %s', (pattern, filter) => expect(topicFilter(pattern)).toBe(filter))
})

describe('name pattern', () => {
  it('takes a placeholder up to the character behind it', () => {
    const nodeId = compilePattern('ns=2;s={hall}.{device}.{tag}')
    expect(nodeId.match('ns=2;s=Hall1.P-101.Motor.Current')).toEqual({
      hall: 'Hall1',
      device: 'P-101',
      tag: 'Motor.Current',
    })
    expect(nodeId.match('ns=3;s=Hall1.P-101.Current')).toBeUndefined()
  })

  it('takes no time over a text made to be slow', () => {
    const pattern = compilePattern('{a}.{b}.{c}.{d}.{e}x')
    expect(pattern.match('.'.repeat(100_000))).toBeUndefined()
    expect(pattern.match(`${'a.'.repeat(50_000)}y`)).toBeUndefined()
  })

  it('has no two placeholders that touch', () => expect(patternProblem('{a}{b}')).toMatch(/touch/))
})
