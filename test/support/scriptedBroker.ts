import { createServer, type Socket } from 'node:net'
import { isPublish, PacketSplitter } from '../../ingest/mqtt/packets.ts'

/** A server that speaks just enough MQTT 5 to be subscribed at, and says what a test wants. */
export interface ScriptedBroker {
  readonly url: string
  /** Packet identifiers of every PUBACK, in the order in which they came. */
  readonly acknowledged: number[]
  /** Connections on which a subscription was granted. */
  subscribed(): number
  /** PINGREQ that came. */
  pings(): number
  /** Whether a PINGREQ is answered; true at first. */
  answersPings: boolean
  /** Sends bytes on the newest connection. */
  send(...bytes: (Buffer | number[])[]): void
  close(): Promise<void>
}

const connack = Buffer.from([0x20, 3, 0, 0, 0])
const pingresp = Buffer.from([0xd0, 0])

export async function startScriptedBroker(): Promise<ScriptedBroker> {
  const acknowledged: number[] = []
  let subscriptions = 0
  let pings = 0
  let newest: Socket | undefined
  const sockets = new Set<Socket>()

  const answer = (socket: Socket, packet: Buffer) => {
    const type = packet[0]! >> 4
    if (type === 1) socket.write(connack)
    if (type === 12) pings++
    if (type === 12 && broker.answersPings) socket.write(pingresp)
    if (type === 4) acknowledged.push(packet.readUInt16BE(2))
    if (type !== 8) return
    newest = socket
    // the identifier stands behind a fixed header of two bytes: filters are short here
    socket.write(Buffer.from([0x90, 4, packet[2]!, packet[3]!, 0, 1]))
    subscriptions++
  }
  const server = createServer((socket) => {
    const splitter = new PacketSplitter(1e6)
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    socket.on('data', (chunk) => {
      splitter.feed(chunk)
      for (let packet = splitter.next(); packet; packet = splitter.next()) {
        if (!isPublish(packet)) answer(socket, packet.data.subarray(packet.start, packet.end))
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const broker: ScriptedBroker = {
    url: `mqtt://127.0.0.1:${(server.address() as { port: number }).port}`,
    acknowledged,
    subscribed: () => subscriptions,
    pings: () => pings,
    answersPings: true,
    send: (...bytes) => {
      newest?.write(Buffer.concat(bytes.map((part) => Buffer.from(part))))
    },
    close: () => {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
  return broker
}

/** A PUBLISH of QoS 1 in MQTT 5, without properties (section 3.3). */
export function publish5(topic: string, payload: string, id: number): Buffer {
  const name = Buffer.from(topic)
  const body = [0, name.length, ...name, id >> 8, id & 255, 0, ...Buffer.from(payload)]
  return Buffer.from([0x32, body.length, ...body])
}
