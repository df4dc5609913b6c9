import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A hop in front of a broker that acknowledges QoS 1 by itself, before the broker has anything: the broken promise. */
export interface EagerRelay {
  readonly port: number
  close(): Promise<void>
}

/** First bytes of packets without their flags (MQTT 3.1.1, section 2.2.1). */
const publish = 0x30
const puback = 0x40
/** So long a message is under way that has been acknowledged already, ms: time for a kill to come between. */
const delayMs = 100

/** `broker`: port of the broker at the moment; undefined while it is down. */
export async function startEagerRelay(broker: () => number | undefined): Promise<EagerRelay> {
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const port = broker()
    if (port === undefined) return void near.destroy()
    const far = connect(port, '127.0.0.1')
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one)
      one.on('error', () => undefined)
      one.once('close', () => {
        sockets.delete(one)
        other.destroy()
      })
    }
    const up = new PacketReader((packet) => {
      if ((packet[0]! & 0xf0) === publish) near.write(pubackOf(packet))
      setTimeout(() => far.writable && far.write(packet), delayMs)
    })
    const down = new PacketReader((packet) => {
      if ((packet[0]! & 0xf0) !== puback) near.write(packet)
    })
    near.on('data', (chunk) => up.take(chunk))
    far.on('data', (chunk) => down.take(chunk))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

/** Answer to a PUBLISH of QoS 1: its packet identifier follows the topic (sections 3.3.2 and 3.4). */
function pubackOf(packet: Buffer): Buffer {
  const body = bodyAt(packet)!
  const id = body + 2 + packet.readUInt16BE(body)
  return Buffer.from([puback, 2, packet[id]!, packet[id + 1]!])
}

/** Where a packet's body begins, behind the remaining length of one to four bytes; undefined where that is cut. */
function bodyAt(bytes: Buffer): number | undefined {
  for (let at = 1; at < bytes.length && at < 5; at++) if (bytes[at]! < 128) return at + 1
  return undefined
}

function lengthOf(bytes: Buffer, body: number): number {
  let length = 0
  for (let at = body - 1; at >= 1; at--) length = length * 128 + (bytes[at]! & 127)
  return body + length
}

/** Cuts a stream into packets. */
class PacketReader {
  private rest: Buffer = Buffer.alloc(0)

  constructor(private readonly onPacket: (packet: Buffer) => void) {}

  take(chunk: Buffer): void {
    this.rest = Buffer.concat([this.rest, chunk])
    for (;;) {
      const body = bodyAt(this.rest)
      const end = body === undefined ? Number.POSITIVE_INFINITY : lengthOf(this.rest, body)
      if (end > this.rest.length) return
      const packet = this.rest.subarray(0, end)
      this.rest = this.rest.subarray(end)
      this.onPacket(packet)
    }
  }
}
