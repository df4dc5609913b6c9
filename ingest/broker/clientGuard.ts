import type { Client, PublishPacket } from 'aedes'
import { PacketGuard } from './packetGuard.ts'

/** What stood in a packet that the broker must not see as it was. */
export interface Original {
  readonly topic: string
  /** Size of the whole payload, where only its first bytes came through. */
  readonly oversized?: number | undefined
}

/** The topic that such a packet gets instead: valid for the broker, valid for nobody else. */
export const refusedTopic = '$forewarn/refused'

/** The broker routes by at most 100 levels and closes the connection beyond. */
const maxTopicLevels = 100

/** The parts of a client that aedes keeps to itself; pinned with its version and held by broker.test.ts. */
interface GuardedClient {
  readonly _parser: {
    parse(chunk: Buffer): number
    prependListener(event: 'packet', listener: (packet: PublishPacket) => void): unknown
  }
}

/**
 * Puts a guard in front of a client's parser. aedes closes the connection, unacknowledged, on a wildcard or empty
 * topic and on too many levels, so the device would send the same packet for ever; such packets get a harmless topic,
 * and `originals` remembers what they were.
 */
export function guardClient(
  client: Client,
  maxPacketBytes: number,
  originals: WeakMap<object, Original>,
): void {
  const parser = (client as unknown as GuardedClient)._parser
  const guard = new PacketGuard(maxPacketBytes)
  const parse = parser.parse.bind(parser)
  let oversized: number | undefined
  parser.parse = (chunk) => {
    try {
      for (const passage of guard.pass(chunk)) {
        oversized = passage.oversized
        parse(passage.bytes)
      }
    } catch (thrown) {
      client.emit('error', thrown)
    }
    return 0
  }
  parser.prependListener('packet', (packet) => {
    if (packet.cmd !== 'publish') return
    if (oversized === undefined && routable(packet.topic)) return
    originals.set(packet, { topic: packet.topic, oversized })
    packet.topic = refusedTopic
  })
}

function routable(topic: string): boolean {
  if (topic.length === 0) return false
  let levels = 1
  for (let i = 0; i < topic.length; i++) {
    const code = topic.charCodeAt(i)
    if (code === 35 || code === 43) return false // # and +
    if (code === 47) levels++ // /
  }
  return levels <= maxTopicLevels
}
