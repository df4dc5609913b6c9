import type { Client, PublishPacket } from 'aedes'
import {
  isCut,
  isPublish,
  keptPayload,
  type Packet,
  PacketSplitter,
  StreamUnusable,
} from '../mqtt/packets.ts'

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
interface InnerClient extends Client {
  readonly connackSent: boolean
  _parsingBatch: number
  readonly _keepaliveInterval: number
  readonly _keepaliveTimer: NodeJS.Timeout | null
  readonly _parser: {
    parse(chunk: Buffer): number
    prependListener(event: 'packet', listener: (packet: PublishPacket) => void): unknown
  }
  pause(): void
  resume(): void
}

export interface DeviceStreamOptions {
  /** Greatest length of a packet behind its fixed header. */
  readonly maxPacketBytes: number
  /** Remembers what packets were that got a harmless topic. */
  readonly originals: WeakMap<object, Original>
  /** Takes a telemetry message of QoS 0 (id 0) or 1. */
  take(topic: string, payload: Buffer, id: number): void
}

/**
 * Stands between a device's socket and the broker's parser.
 *
 * Telemetry is taken out of the stream here: the broker would make a dozen objects and turns of every message to route
 * it to nobody, and acknowledge each by a write of its own. Everything else goes on to the broker as it came, but what
 * would make it close the connection, unacknowledged, so that the device would send it for ever: a topic that is empty,
 * has wildcards or too many levels, and a payload beyond the limit. See decision 0021.
 */
export class DeviceStream {
  private readonly client: InnerClient
  private readonly parse: (chunk: Buffer) => number
  private readonly splitter: PacketSplitter
  private readonly topics = new TelemetryTopic()
  /** Of the packet that the broker parses now. */
  private oversized: number | undefined

  constructor(
    client: Client,
    private readonly options: DeviceStreamOptions,
  ) {
    this.client = client as InnerClient
    this.splitter = new PacketSplitter(options.maxPacketBytes)
    const { _parser: parser } = this.client
    this.parse = parser.parse.bind(parser)
    parser.parse = (chunk) => {
      this.pass(chunk)
      return 0
    }
    parser.prependListener('packet', (packet) => this.guard(packet))
  }

  /** Nothing is read until `resume`. */
  pause(): void {
    this.client.pause()
  }

  resume(): void {
    // what counted while it stood still is done with
    this.client._parsingBatch = 0
    this.client.resume()
  }

  private pass(chunk: Buffer): void {
    try {
      this.splitter.feed(chunk)
      let taken = false
      for (let packet = this.splitter.next(); packet; packet = this.splitter.next()) {
        if (this.take(packet)) taken = true
        else this.giveOn(packet)
      }
      if (taken && this.client._keepaliveInterval > 0) this.client._keepaliveTimer?.refresh()
    } catch (thrown) {
      this.client.emit('error', thrown as Error)
    }
  }

  /** False where the packet is the broker's. */
  private take(packet: Packet): boolean {
    const { header, data, body, end } = packet
    // DUP and RETAIN change nothing here; QoS 2 needs the broker's memory of identifiers
    const qos = (header >> 1) & 3
    if (header >> 4 !== 3 || qos > 1 || isCut(packet) || end - body < 4) return false
    if (!this.client.connackSent || !this.client.connected) return false
    const topicEnd = body + 2 + ((data[body]! << 8) | data[body + 1]!)
    const payload = topicEnd + 2 * qos
    if (payload > end) return false
    const id = qos === 0 ? 0 : (data[topicEnd]! << 8) | data[topicEnd + 1]!
    if (qos === 1 && id === 0) return false
    const topic = this.topics.at(data, body + 2, topicEnd)
    if (topic === undefined) return false
    this.options.take(topic, data.subarray(payload, end), id)
    return true
  }

  private giveOn(packet: Packet): void {
    if (isPublish(packet) && isCut(packet)) {
      const { bytes, oversized } = standIn(packet)
      this.oversized = oversized
      this.parse(bytes)
      this.oversized = undefined
    } else this.parse(packet.data.subarray(packet.start, packet.end))
  }

  private guard(packet: PublishPacket): void {
    if (packet.cmd !== 'publish') return
    const { oversized } = this
    if (oversized === undefined && routable(packet.topic)) return
    this.options.originals.set(packet, { topic: packet.topic, oversized })
    packet.topic = refusedTopic
  }
}

/**
 * Tells telemetry by its topic's bytes. A device keeps to one topic: where they are the last message's, so is the text.
 */
class TelemetryTopic {
  private bytes: Buffer = Buffer.alloc(0)
  private text: string | undefined

  /** The topic where it is `forewarn/.../telemetry`; which names are in between is the intake's to judge. */
  at(data: Buffer, from: number, to: number): string | undefined {
    if (!this.isLast(data, from, to)) {
      this.bytes = Buffer.from(data.subarray(from, to))
      const text = this.bytes.toString('utf8')
      const isTelemetry = text.startsWith('forewarn/') && text.endsWith('/telemetry') && routable(text)
      this.text = isTelemetry ? text : undefined
    }
    return this.text
  }

  private isLast(data: Buffer, from: number, to: number): boolean {
    const { bytes } = this
    if (bytes.length !== to - from) return false
    // from the end: what differs between devices stands there
    for (let i = bytes.length - 1; i >= 0; i--) if (bytes[i] !== data[from + i]) return false
    return true
  }
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

/** A small PUBLISH in the place of one that was too large, so that it is acknowledged in order and the connection lives. */
function standIn({ header, data, length }: Packet): { bytes: Buffer; oversized: number } {
  // of a packet that was cut more was kept than the longest topic takes
  const hasId = ((header >> 1) & 3) > 0
  if ((header & 6) === 6) throw new StreamUnusable('a PUBLISH of QoS 3')
  const variableHeader = 2 + data.readUInt16BE(0) + (hasId ? 2 : 0)
  const body = data.subarray(0, variableHeader + keptPayload)
  return {
    bytes: Buffer.concat([Buffer.from([header, ...variableLength(body.length)]), body]),
    oversized: length - variableHeader,
  }
}

/** Remaining length as MQTT encodes it, seven bits a byte. */
function variableLength(length: number): number[] {
  const bytes: number[] = []
  let rest = length
  do {
    bytes.push((rest & 127) | (rest > 127 ? 128 : 0))
    rest >>= 7
  } while (rest > 0)
  return bytes
}
