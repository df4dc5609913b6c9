import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Reading } from '../../core/reading.ts'
import { blockDamage, encodeBlock, readHeader, readSegments, type SegmentInput } from './blockFormat.ts'
import { GatheredColumns } from './gathering.ts'
import { reading } from './testing.ts'

/** A segment as a test describes it. */
interface Given {
  readonly layout: number
  readonly width: number
  readonly readings: readonly Reading[]
  /** Device number of each reading. */
  readonly devices: readonly number[]
}

function input({ layout, width, readings, devices }: Given): SegmentInput {
  const columns = new GatheredColumns(width)
  readings.forEach((r, i) => {
    columns.add(i, r)
  })
  return { layout, columns, numbers: devices }
}

const number = fc.oneof(fc.double(), fc.constantFrom(Number.NaN, -0, 1e-320, 2 ** 53))
const segmentOf = (layout: number) =>
  fc.integer({ min: 1, max: 5 }).chain((width) =>
    fc
      .array(
        fc.record({
          device: fc.nat(2 ** 32 - 1),
          reading: fc
            .tuple(number, fc.array(number, { minLength: width, maxLength: width }))
            .map(([time, values]): Reading => reading('d', time, ...values)),
        }),
        { minLength: 1, maxLength: 9 },
      )
      .map(
        (items): Given => ({
          layout,
          width,
          readings: items.map((item) => item.reading),
          devices: items.map((item) => item.device),
        }),
      ),
  )
const segments = fc.tuple(segmentOf(0), segmentOf(1), segmentOf(2)).map((all) => all)

const encode = (given: readonly Given[]) =>
  encodeBlock({ position: 7, readingsBefore: 100, bytesBefore: 9000 }, given.map(input))

describe('block format', () => {
  it('gives back what was put in', () => {
    fc.assert(
      fc.property(segments, (given) => {
        const block = encode(given)
        expect(blockDamage(block, 7)).toBeUndefined()
        expect(readHeader(block)).toEqual({
          position: 7,
          readingsBefore: 100,
          bytesBefore: 9000,
          readings: given.reduce((sum, s) => sum + s.readings.length, 0),
          receivedAt: given[0]!.readings[0]!.receivedAt,
          bytes: block.length,
        })
        const output = readSegments(block, (layout) => given[layout]!.width)!
        output.forEach((segment, s) => {
          const { readings, devices } = given[s]!
          expect([...segment.device]).toEqual(devices)
          expect([...segment.time]).toEqual(readings.map((r) => r.time))
          expect([...segment.seq]).toEqual(readings.map((r) => r.seq))
          segment.channels.forEach((channel, c) => {
            expect([...channel]).toEqual(readings.map((r) => r.values[c]))
          })
        })
      }),
    )
  })

  it('can be read from memory that starts anywhere', () => {
    const block = encode([{ layout: 0, width: 1, readings: [reading('d', 5, 6)], devices: [3] }])
    const shifted = new Uint8Array(block.length + 1)
    shifted.set(block, 1)
    const moved = shifted.subarray(1)
    expect(blockDamage(moved, 7)).toBeUndefined()
    expect(readSegments(moved, () => 1)![0]!.channels[0]![0]).toBe(6)
  })

  it('notices every changed byte and every cut', () => {
    fc.assert(
      fc.property(segments, fc.nat(), fc.integer({ min: 1, max: 255 }), (given, at, change) => {
        const block = encode(given)
        const changed = Uint8Array.from(block)
        changed[at % block.length]! ^= change
        expect(blockDamage(changed, 7)).toBeTypeOf('string')
        expect(blockDamage(block.subarray(0, at % block.length), 7)).toBeTypeOf('string')
      }),
      { numRuns: 300 },
    )
  })

  it('notices a block at the wrong place and a layout that does not fit', () => {
    const block = encode([{ layout: 0, width: 2, readings: [reading('d', 5, 6, 7)], devices: [3] }])
    expect(blockDamage(block, 8)).toBe('it is block 7')
    expect(readSegments(block, () => undefined)).toBeUndefined()
    expect(readSegments(block, () => 1)).toBeUndefined()
    expect(readSegments(block, () => 3)).toBeUndefined()
  })
})
