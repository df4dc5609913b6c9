import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PacketGuard, StreamUnusable } from './packetGuard.ts'
import { publishPacket } from './testing.ts'

const publish = (topic: string, bytes: number) => publishPacket(topic, Buffer.alloc(bytes, 'z'), 7)
const ping = Buffer.from([0xc0, 0])

/** Feeds the stream in pieces of the given sizes; what passed, joined, and the sizes of what was swallowed. */
function throughGuard(stream: Buffer, sizes: readonly number[]) {
  const guard = new PacketGuard(1000)
  const passages = []
  for (let at = 0, i = 0; at < stream.length; i++) {
    const size = sizes[i % sizes.length]!
    passages.push(...guard.pass(stream.subarray(at, at + size)))
    at += size
  }
  const swallowed = passages.flatMap(({ oversized }) => (oversized === undefined ? [] : [oversized]))
  return { passed: Buffer.concat(passages.map(({ bytes }) => bytes)), swallowed }
}

const cuts = (max: number) => fc.array(fc.integer({ min: 1, max }), { minLength: 1, maxLength: 20 })

describe('PacketGuard', () => {
  it('lets a stream of allowed packets pass as it is, however it is cut', () => {
    const stream = Buffer.concat([ping, publish('a', 0), publish('b/c', 200), ping, publish('d', 990)])
    fc.assert(
      fc.property(cuts(300), (sizes) => {
        const { passed, swallowed } = throughGuard(stream, sizes)
        expect(Buffer.compare(passed, stream)).toBe(0)
        expect(swallowed).toEqual([])
      }),
    )
  })

  it('puts a small stand-in where a packet was too large, however the stream is cut', () => {
    const around = (bytes: number) =>
      Buffer.concat([publish('a', 10), publish('too/large', bytes), ping, publish('b', 20)])
    fc.assert(
      fc.property(cuts(9000), (sizes) => {
        const { passed, swallowed } = throughGuard(around(50_000), sizes)
        expect(Buffer.compare(passed, around(4096))).toBe(0)
        expect(swallowed).toEqual([50_000])
      }),
      { numRuns: 40 },
    )
  })

  it('keeps a few kilobytes of a packet of 256 MB', () => {
    const guard = new PacketGuard(1_000_000)
    const bytes = 256 * 1024 * 1024 - 1
    const topic = Buffer.from([0, 1, 97, 0, 7])
    expect(guard.pass(Buffer.from([0x32, 0xff, 0xff, 0xff, 0x7f, ...topic]))).toEqual([])
    const chunk = Buffer.alloc(65_536)
    let left = bytes - topic.length
    for (; left > chunk.length; left -= chunk.length) expect(guard.pass(chunk)).toEqual([])
    const [standIn, ...more] = guard.pass(chunk.subarray(0, left))
    expect(more).toEqual([])
    expect(standIn!.oversized).toBe(bytes - topic.length)
    expect(standIn!.bytes.length).toBeLessThan(4200)
  })

  it('gives up on what cannot be a PUBLISH', () => {
    const connect = Buffer.concat([Buffer.from([0x10, 0xff, 0xff, 0x7f]), Buffer.alloc(100)])
    expect(() => new PacketGuard(1000).pass(connect)).toThrow(StreamUnusable)
    const topicTooLong = Buffer.concat([Buffer.from([0x32, 0xe8, 0x0f, 0xff, 0xff]), Buffer.alloc(2022)])
    expect(() => new PacketGuard(1000).pass(topicTooLong)).toThrow(StreamUnusable)
  })

  it('leaves a malformed length to the parser', () => {
    const guard = new PacketGuard(1000)
    const garbage = Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff, 0x01])
    expect(guard.pass(garbage)[0]!.bytes).toEqual(garbage)
    expect(guard.pass(ping)[0]!.bytes).toEqual(ping)
  })
})
