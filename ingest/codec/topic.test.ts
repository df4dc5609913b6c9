import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatTopic, parseTopic, topicKinds } from './topic.ts'

const name = fc
  .string({ unit: fc.constantFrom(...'ABCXYZabcxyz0189_.:-'), minLength: 1, maxLength: 64 })
  .filter((text) => text !== '.' && text !== '..')

describe('topic', () => {
  it('reads what it writes', () => {
    const kind = fc.constantFrom(...topicKinds)
    fc.assert(
      fc.property(fc.record({ site: name, assetType: name, device: name, kind }), (topic) => {
        expect(parseTopic(formatTopic(topic))).toEqual(topic)
      }),
    )
  })

  it('never throws, and accepts only what formats back to the same text', () => {
    const level = fc.oneof(fc.constantFrom('forewarn', ...topicKinds), fc.string({ maxLength: 5 }))
    const text = fc.array(level, { maxLength: 7 }).map((levels) => levels.join('/'))
    fc.assert(
      fc.property(text, (text) => {
        const topic = parseTopic(text)
        if (topic) expect(formatTopic(topic)).toBe(text)
      }),
    )
  })

  it.each([
    '',
    'forewarn',
    'forewarn/a/b/c',
    'forewarn/a/b/c/telemetry/d',
    '/forewarn/a/b/c/telemetry',
    'forewarn/a/b/c/telemetry/',
    'forewarn/a//c/telemetry',
    'forewarn/a/b/c/Telemetry',
    'other/a/b/c/telemetry',
    'forewarn/a/b/../telemetry',
    'forewarn/a/b/c d/telemetry',
    'forewarn/a/b/c\n/telemetry',
    'forewarn/a/b/c/telemetry\n',
    'forewarn/a/b/ü/telemetry',
    `forewarn/a/b/${'c'.repeat(65)}/telemetry`,
    `forewarn${'/a'.repeat(40)}`,
  ])('refuses %j', (text) => expect(parseTopic(text)).toBeUndefined())
})
