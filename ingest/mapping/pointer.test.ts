import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatPointer, lookUp, parsePointer } from './pointer.ts'

/** The document and pointers of RFC 6901, section 5. */
const document = {
  foo: ['bar', 'baz'],
  '': 0,
  'a/b': 1,
  'c%d': 2,
  'e^f': 3,
  'g|h': 4,
  'i\\j': 5,
  'k"l': 6,
  ' ': 7,
  'm~n': 8,
}

describe('JSON pointer', () => {
  it.each([
    ['', document],
    ['/foo', ['bar', 'baz']],
    ['/foo/0', 'bar'],
    ['/', 0],
    ['/a~1b', 1],
    ['/c%d', 2],
    ['/e^f', 3],
    ['/g|h', 4],
    ['/i\\j', 5],
    ['/k"l', 6],
    ['/ ', 7],
    ['/m~0n', 8],
  ])('finds %j as the RFC says', (text, value) =>
    expect(lookUp(document, parsePointer(text)!)).toEqual(value),
  )

  it.each([
    '/foo/2',
    '/foo/-',
    '/foo/00',
    '/foo/1.0',
    '/foo/bar',
    '/nothing',
    '/foo/0/x',
    '/toString',
    '/__proto__',
  ])('finds nothing at %j', (text) => expect(lookUp(document, parsePointer(text)!)).toBeUndefined())

  it.each(['foo', ' /foo', '/~', '/~2', '/a~'])('is not %j', (text) =>
    expect(parsePointer(text)).toBeUndefined(),
  )

  it('reads back what it writes, and finds every value of a document by its path', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.jsonValue(), (keys, leaf) => {
        const pointer = parsePointer(formatPointer(keys))!
        expect(pointer).toEqual(keys)
        const nested = keys.reduceRight<unknown>((inner, key) => Object.fromEntries([[key, inner]]), leaf)
        expect(lookUp(nested, pointer)).toEqual(leaf)
      }),
    )
  })
})
