import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { errorResponse, listens, query, readAnswer, readyForQuery, UnitCollector } from './wire.ts'

const startup = () => {
  const body = Buffer.from('user\0postgres\0\0')
  const bytes = Buffer.alloc(8 + body.length)
  bytes.writeInt32BE(bytes.length, 0)
  bytes.writeInt32BE(196608, 4)
  body.copy(bytes, 8)
  return bytes
}
/** Any message by its letter and body. */
const message = (letter: string, body: string) => {
  const bytes = Buffer.alloc(5 + Buffer.byteLength(body))
  bytes.write(letter, 0)
  bytes.writeInt32BE(bytes.length - 1, 1)
  bytes.write(body, 5)
  return bytes
}

describe('UnitCollector', () => {
  it('cuts after Query and Sync, however the bytes arrive', () => {
    const letter = fc.constantFrom('P', 'B', 'D', 'E', 'S', 'Q')
    const messages = fc.array(fc.tuple(letter, fc.string({ maxLength: 30 })), { maxLength: 20 })
    const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 10 })
    fc.assert(
      fc.property(messages, sizes, (parts, steps) => {
        const all = parts.map(([name, body]) => message(name, body))
        const expected: Buffer[] = []
        let unit: Buffer[] = []
        for (const [i, bytes] of all.entries()) {
          unit.push(bytes)
          if (!'SQ'.includes(parts[i]![0])) continue
          expected.push(Buffer.concat(unit))
          unit = []
        }
        const stream = Buffer.concat([startup(), ...all])
        const collector = new UnitCollector()
        const units: Buffer[] = []
        for (let at = 0, i = 0; at < stream.length; i++) {
          const end = at + steps[i % steps.length]!
          units.push(...collector.feed(stream.subarray(at, end)))
          at = end
        }
        expect(units).toEqual(expected)
      }),
    )
  })

  it('sees the end', () => {
    const collector = new UnitCollector()
    collector.feed(Buffer.concat([startup(), message('X', '')]))
    expect(collector.terminated).toBe(true)
  })
})

describe('readAnswer', () => {
  it('parts notifications from the answer and reads the status', () => {
    const notification = message('A', 'pid.channel')
    const answer = Buffer.concat([message('C', 'done'), notification, readyForQuery('T'), notification])
    expect(readAnswer(answer)).toEqual({
      bytes: Buffer.concat([message('C', 'done'), readyForQuery('T')]),
      notifications: Buffer.concat([notification, notification]),
      status: 'T',
    })
  })

  it('does not accept an answer without an end', () => {
    expect(() => readAnswer(errorResponse('XX000', 'torn'))).toThrow('without ReadyForQuery')
  })
})

it.each([
  ['LISTEN jobs', true],
  ['  listen jobs;', true],
  ['-- a word\n-- and another\nLISTEN jobs;\n', true],
  ["SELECT 'LISTEN x'", false],
  ['UNLISTEN jobs', false],
])('%j subscribes: %s', (sql, expected) => {
  expect(listens(query(sql))).toBe(expected)
})
