import fc from 'fast-check'
import { expect, it } from 'vitest'
import { TextBuffer } from './textBuffer.ts'

function textOf(value: number): string {
  const text = new TextBuffer()
  text.number(value)
  return text.take()
}

it('writes numbers as they are written', () => {
  const numbers = [0, 5, -0.5, 71.2, 0.001, 12.05, 1e9, 1_764_000_000_123, 1_764_000_000_123.5, -1e21, 5e-324]
  for (const value of [...numbers, 2 ** 53, -(2 ** 53), 1 / 3, 1000.1, 999_999_999.999, Number.MAX_VALUE]) {
    expect(textOf(value)).toBe(String(value))
  }
})

it('writes any finite number so that it is read back as the same', () => {
  const decimal = fc.tuple(fc.maxSafeInteger(), fc.constantFrom(1, 10, 100, 1000)).map(([a, b]) => a / b)
  const number = fc.oneof(decimal, fc.double({ noNaN: true, noDefaultInfinity: true }))
  fc.assert(
    fc.property(number, (value) => Number(textOf(value)) === value),
    { numRuns: 2000 },
  )
})

it('holds more than it was made for, and forgets what is cut off', () => {
  const text = new TextBuffer()
  const piece = Buffer.from('größe ')
  for (let i = 0; i < 20_000; i++) text.put(piece)
  const { length } = text
  text.number(7)
  text.cut(length)
  text.number(8)
  expect(text.take()).toBe(`${'größe '.repeat(20_000)}8`)
  expect(text.take()).toBe('')
})
