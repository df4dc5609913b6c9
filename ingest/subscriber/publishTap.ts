import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { isPublish, type Packet, PacketSplitter } from '../mqtt/packets.ts'
import { type Delivered, decodePublish } from './delivered.ts'
import type { MqttVersion } from './server.ts'

export interface PublishTapOptions {
  readonly version: MqttVersion
  /** A larger payload is cut: only its first bytes and its size go on. */
  readonly maxPayloadBytes: number
  /** False: the next message has to wait, `goOn` is called when there is room. */
  hasRoom(): boolean
  take(message: Delivered): void
}

/** Beside the payload: topic, identifiers, and the properties of MQTT 5. */
const besidePayload = 2 * 65_536
/** A broker that does not hang up, too, is left after so long, ms. */
const farewellMs = 1_000
/** First byte of PUBACK and PUBREC (section 2.1.2), by the QoS that they answer. */
const acknowledgement = [0, 0x40, 0x50]

/**
 * The byte stream between the socket and the MQTT client library. What the broker publishes to us is taken out of it
 * here; everything else passes. The library would handle one message at a time and read nothing else until that is
 * acknowledged; so it goes on hearing PINGRESP while any number of messages wait for the log. See decision 0014.
 */
export class PublishTap extends Duplex {
  private readonly splitter: PacketSplitter
  private waiting: Packet | undefined
  private acks: number[] = []
  private isStalled = false
  private hasDelivered = false
  private farewell: NodeJS.Timeout | undefined

  constructor(
    private readonly wire: Socket,
    private readonly options: PublishTapOptions,
  ) {
    super()
    this.splitter = new PacketSplitter(options.maxPayloadBytes + besidePayload)
    wire.on('data', (chunk) => {
      this.splitter.feed(chunk)
      this.pass()
    })
    wire.on('end', () => this.push(null))
    wire.on('error', (error) => this.destroy(error))
    wire.on('close', () => this.destroy())
  }

  /** Goes on where there was no room. */
  goOn(): void {
    if (this.isStalled && !this.destroyed) this.pass()
  }

  /** Whether the broker has delivered something since the last call, or would if it were read. */
  givesLifeSign(): boolean {
    const sign = this.isStalled || this.hasDelivered
    this.hasDelivered = false
    return sign
  }

  /** Ends the stream after the acknowledgements so far; what still comes is dropped, unacknowledged. */
  hangUp(): void {
    if (this.farewell || this.destroyed) return
    this.flush()
    this.farewell = setTimeout(() => this.destroy(), farewellMs)
    this.end()
    this.pass()
  }

  /** Writes PUBACK (QoS 1) or PUBREC (QoS 2); those of one turn go out together. False where it is too late. */
  acknowledge({ qos, id }: Delivered): boolean {
    if (this.farewell || !this.writable) return false
    if (this.acks.length === 0) process.nextTick(() => this.flush())
    this.acks.push(acknowledgement[qos]!, 2, id >> 8, id & 255)
    return true
  }

  override _read(): void {}

  override _write(chunk: Buffer, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.wire.write(chunk, encoding, done)
  }

  override _final(done: () => void): void {
    this.wire.end(done)
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearTimeout(this.farewell)
    this.wire.destroy()
    done(error)
  }

  private pass(): void {
    try {
      while (this.next()) {}
    } catch (thrown) {
      this.destroy(thrown as Error)
    }
  }

  /** Handles one packet; false when there is none, or no room for it. */
  private next(): boolean {
    const packet = this.waiting ?? this.splitter.next()
    this.waiting = undefined
    if (packet && isPublish(packet)) {
      this.hasDelivered = true
      if (!this.farewell && !this.options.hasRoom()) {
        this.waiting = packet
        this.stall(true)
        return false
      }
      if (!this.farewell) this.options.take(decodePublish(packet, this.options.version))
    } else if (packet) this.push(packet.data.subarray(packet.start, packet.end))
    this.stall(false)
    return packet !== undefined && !this.destroyed
  }

  private stall(yes: boolean): void {
    if (yes === this.isStalled) return
    this.isStalled = yes
    if (yes) this.wire.pause()
    else this.wire.resume()
  }

  private flush(): void {
    const bytes = Buffer.from(this.acks)
    this.acks = []
    if (bytes.length > 0 && this.writable) this.write(bytes)
  }
}
