import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { publishPacket } from '../broker/testing.ts'
import { decodePublish } from '../subscriber/delivered.ts'
import { isPublish, type Packet, PacketSplitter } from './packets.ts'

/** What a splitter makes of a stream that comes in chunks of these sizes. */
function split(stream: Buffer, sizes: readonly number[], maxBytes = 1_000_000) {
  const splitter = new PacketSplitter(maxBytes)
  const packets: Packet[] = []
  let at = 0
  for (let i = 0; at < stream.length; i++) {
    const size = sizes[i % sizes.length]!
    splitter.feed(stream.subarray(at, at + size))
    at += size
    for (let packet = splitter.next(); packet; packet = splitter.next()) packets.push(packet)
  }
  return packets
}

const pingresp = Buffer.from([0xd0, 0])
const publish5 = (topic: string, id: number, properties: Buffer, payload: Buffer): Buffer => {
  const packet = publishPacket(topic, Buffer.concat([properties, payload]), id)
  return packet
}

describe('packets', () => {
  it('are the same however the stream is cut', () => {
    const message = fc.record({
      topic: fc.stringMatching(/^[a-z/]{1,40}$/),
      payload: fc.uint8Array({ maxLength: 400 }),
      id: fc.integer({ min: 1, max: 65_535 }),
    })
    fc.assert(
      fc.property(
        fc.array(message),
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }),
        (sent, sizes) => {
          const stream = sent.flatMap(({ topic, payload, id }) => [
            publishPacket(topic, Buffer.from(payload), id),
            pingresp,
          ])
          const packets = split(Buffer.concat(stream), sizes)
          const publishes = packets.filter(isPublish)
          const got = publishes.map((packet) => decodePublish(packet, '3.1.1'))
          expect(
            got.map(({ topic, payload, id, qos }) => ({ topic, payload: [...payload], id, qos })),
          ).toEqual(sent.map(({ topic, payload, id }) => ({ topic, payload: [...payload], id, qos: 1 })))
          const others = packets.filter((packet) => !isPublish(packet))
          expect(others.map(({ data, start, end }) => [...data.subarray(start, end)])).toEqual(
            sent.map(() => [0xd0, 0]),
          )
        },
      ),
    )
  })

  it('too large keep topic, identifier, size and first bytes, and the stream goes on', () => {
    const large = publishPacket('a/b', Buffer.alloc(300_000, 'x'), 7)
    const packets = split(
      Buffer.concat([large, pingresp, publishPacket('c', Buffer.from('y'), 8)]),
      [1000],
      5000,
    )
    expect(packets.map(isPublish)).toEqual([true, false, true])
    const [first, , last] = packets as [Packet, Packet, Packet]
    expect(first.data.length).toBeLessThan(80_000)
    const cut = decodePublish(first, '3.1.1')
    expect(cut).toMatchObject({ topic: 'a/b', id: 7, bytes: 300_000, cut: true })
    expect(cut.payload).toHaveLength(4096)
    expect(decodePublish(last, '3.1.1')).toMatchObject({ topic: 'c', id: 8, bytes: 1, cut: false })
  })

  it('of 256 MB keep a few kilobytes', () => {
    const splitter = new PacketSplitter(1_000_000)
    const bytes = 256 * 1024 * 1024 - 1
    splitter.feed(Buffer.from([0x32, 0xff, 0xff, 0xff, 0x7f, 0, 1, 97, 0, 7]))
    const chunk = Buffer.alloc(65_536)
    let left = bytes - 5
    for (; left > chunk.length; left -= chunk.length) {
      expect(splitter.next()).toBeUndefined()
      splitter.feed(chunk)
    }
    splitter.feed(chunk.subarray(0, left))
    const packet = splitter.next()!
    expect(packet.length).toBe(bytes)
    expect(packet.data.length).toBeLessThan(80_000)
  })

  it('that come byte by byte are joined once', () => {
    const sent = publishPacket('a/b', Buffer.alloc(200_000, 'x'), 7)
    const splitter = new PacketSplitter(1_000_000)
    const joins = vi.spyOn(Buffer, 'concat')
    const packets = [...sent].flatMap((byte) => {
      splitter.feed(Buffer.of(byte))
      return splitter.next() ?? []
    })
    expect(packets).toHaveLength(1)
    expect(joins.mock.calls.length).toBeLessThan(10)
    joins.mockRestore()
  })

  it('of another type that are too large end the stream', () => {
    expect(() => split(Buffer.from([0x90, 0xff, 0xff, 0x7f]), [10], 5000)).toThrow('a packet of')
  })

  it('with a length of five bytes end the stream', () => {
    expect(() => split(Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff, 1]), [10])).toThrow('more than four bytes')
  })
})

describe('a PUBLISH', () => {
  const only = (stream: Buffer, maxBytes?: number) => split(stream, [stream.length], maxBytes)[0]!

  it('of MQTT 5 has properties before the payload', () => {
    const properties = Buffer.concat([Buffer.from([0x80 | 6, 1]), Buffer.alloc(134, 1)])
    const packet = only(publish5('t', 3, properties, Buffer.from('payload')))
    expect(decodePublish(packet, '5')).toMatchObject({
      topic: 't',
      id: 3,
      payload: Buffer.from('payload'),
      bytes: 7,
    })
  })

  it('has DUP, QoS and no identifier with QoS 0', () => {
    const first = publishPacket('t', Buffer.from('p'), 3)
    first[0] = 0x3d // DUP, QoS 2, RETAIN
    expect(decodePublish(only(first), '3.1.1')).toMatchObject({ again: true, qos: 2, id: 3 })
    expect(decodePublish(only(Buffer.from([0x30, 4, 0, 1, 0x74, 0x70])), '3.1.1')).toMatchObject({
      again: false,
      qos: 0,
      id: 0,
      payload: Buffer.from('p'),
    })
  })

  it.each([
    ['no topic', [0x30, 1, 0]],
    ['a topic longer than itself', [0x30, 4, 0, 9, 0x74, 0x70]],
    ['no identifier', [0x32, 3, 0, 1, 0x74]],
    ['QoS 3', [0x36, 6, 0, 1, 0x74, 0, 1, 0x70]],
  ])('with %s is not well-formed', (_name, bytes) => {
    expect(() => decodePublish(only(Buffer.from(bytes)), '3.1.1')).toThrow('PUBLISH')
  })

  it('of MQTT 5 without its properties is not well-formed', () => {
    expect(() => decodePublish(only(Buffer.from([0x30, 3, 0, 1, 0x74])), '5')).toThrow('properties')
  })
})
