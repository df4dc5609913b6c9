import { EventEmitter } from 'node:events'
import type { Client } from 'aedes'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StreamUnusable } from '../mqtt/packets.ts'
import { DeviceStream, type Original } from './deviceStream.ts'
import { publishPacket } from './testing.ts'

const publish = (topic: string, bytes: number, id = 7) => publishPacket(topic, Buffer.alloc(bytes, 'z'), id)
const ping = Buffer.from([0xc0, 0])
const telemetry = 'forewarn/north/pump/p1/telemetry'

/** What a stream, fed in pieces of the given sizes, gives to the intake and to the broker's parser. */
function through(stream: Buffer, sizes: readonly number[], connected = true) {
  const toBroker: Buffer[] = []
  const errors: Error[] = []
  const taken: { topic: string; bytes: number; id: number }[] = []
  const originals = new WeakMap<object, Original>()
  const parser = Object.assign(new EventEmitter(), { parse: (chunk: Buffer) => toBroker.push(chunk) })
  const client = Object.assign(new EventEmitter(), {
    connackSent: connected,
    connected,
    _parser: parser,
    _keepaliveInterval: 0,
  })
  client.on('error', (error) => errors.push(error))
  new DeviceStream(client as unknown as Client, {
    maxPacketBytes: 1000,
    originals,
    take: (topic, payload, id) => void taken.push({ topic, bytes: payload.length, id }),
  })
  for (let at = 0, i = 0; at < stream.length; i++) {
    const size = sizes[i % sizes.length]!
    parser.parse(stream.subarray(at, at + size))
    at += size
  }
  return { toBroker: Buffer.concat(toBroker), taken, errors }
}

const cuts = (max: number) => fc.array(fc.integer({ min: 1, max }), { minLength: 1, maxLength: 20 })

describe('a device’s stream', () => {
  it('gives the broker everything but telemetry as it came, however it is cut', () => {
    const others = [publish('a', 0), ping, publish('forewarn/north/pump/p1/status', 200), publish('d', 990)]
    const stream = Buffer.concat(others.flatMap((packet, i) => [publish(telemetry, 10 * i, i + 1), packet]))
    fc.assert(
      fc.property(cuts(300), (sizes) => {
        const { toBroker, taken } = through(stream, sizes)
        expect(Buffer.compare(toBroker, Buffer.concat(others))).toBe(0)
        expect(taken).toEqual(others.map((_, i) => ({ topic: telemetry, bytes: 10 * i, id: i + 1 })))
      }),
    )
  })

  it('leaves to the broker what it must answer itself', () => {
    const qos2 = publish(telemetry, 9)
    qos2[0] = 0x34
    const stream = Buffer.concat([
      qos2,
      publish(telemetry, 9, 0),
      publish('forewarn/+/pump/p1/telemetry', 9),
      publish(`forewarn/${'x/'.repeat(120)}telemetry`, 9),
    ])
    const { toBroker, taken } = through(stream, [stream.length])
    expect(taken).toEqual([])
    expect(Buffer.compare(toBroker, stream)).toBe(0)
  })

  it('takes nothing before the broker has accepted the connection', () => {
    const stream = publish(telemetry, 9)
    const { toBroker, taken } = through(stream, [stream.length], false)
    expect(taken).toEqual([])
    expect(toBroker).toEqual(stream)
  })

  it('takes QoS 0, which has no identifier', () => {
    const topic = Buffer.from(telemetry)
    const bytes = Buffer.concat([Buffer.from([0x30, 2 + topic.length + 3, 0, topic.length]), topic])
    expect(through(Buffer.concat([bytes, Buffer.from('abc')]), [9]).taken).toEqual([
      { topic: telemetry, bytes: 3, id: 0 },
    ])
  })

  it('puts a small stand-in where a packet was too large, however the stream is cut', () => {
    const around = (bytes: number) =>
      Buffer.concat([publish('a', 10), publish('too/large', bytes), ping, publish('b', 20)])
    fc.assert(
      fc.property(cuts(9000), (sizes) => {
        expect(Buffer.compare(through(around(150_000), sizes).toBroker, around(4096))).toBe(0)
      }),
      { numRuns: 40 },
    )
  })

  it('gives up on what is too large and cannot be a PUBLISH, and on no packet at all', () => {
    const connect = Buffer.concat([Buffer.from([0x10, 0xff, 0xff, 0x7f]), Buffer.alloc(100)])
    const garbage = Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff, 0x01])
    for (const stream of [connect, garbage]) {
      const { errors } = through(stream, [stream.length])
      expect(errors[0]).toBeInstanceOf(StreamUnusable)
    }
  })
})
