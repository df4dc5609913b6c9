import { fixedHeader, keptPayload, longestVariableHeader, StreamUnusable } from '../broker/packetGuard.ts'

/** A PUBLISH as it came: `body` is what stands behind the fixed header, of a packet beyond the limit its first bytes. */
export interface PublishBytes {
  readonly kind: 'publish'
  /** First byte of the packet: type, DUP, QoS, RETAIN. */
  readonly header: number
  readonly body: Buffer
  /** Bytes behind the fixed header, those that were not kept included. */
  readonly length: number
}

/** Any other packet, fixed header included. */
export interface OtherBytes {
  readonly kind: 'other'
  readonly raw: Buffer
}

const publishType = 3
const nothing = Buffer.alloc(0)

/**
 * Cuts an MQTT stream into packets (section 2.1 of 3.1.1 and 5). Pulled, not pushed: who takes the packets stops when
 * there is no room for another. A PUBLISH beyond the limit is swallowed as it arrives, so that memory stays bounded.
 */
export class PacketSplitter {
  private data: Buffer = nothing
  private at = 0
  private swallowed: Swallowed | undefined

  /** `maxBytes`: greatest length of a packet behind its fixed header. */
  constructor(private readonly maxBytes: number) {}

  feed(chunk: Buffer): void {
    const left = this.data.length - this.at
    this.data = left === 0 ? chunk : Buffer.concat([this.data.subarray(this.at), chunk])
    this.at = 0
  }

  /** The next whole packet, undefined until more is fed. Throws StreamUnusable. */
  next(): PublishBytes | OtherBytes | undefined {
    if (this.swallowed) return this.swallow(this.swallowed)
    const fixed = fixedHeader(this.data, this.at)
    if (fixed === 'incomplete') return undefined
    if (fixed === 'malformed') throw new StreamUnusable('a packet length of more than four bytes')
    const header = this.data[this.at]!
    const from = this.at + fixed.bytes
    if (fixed.length > this.maxBytes) {
      this.at = from
      this.swallowed = new Swallowed(header, fixed.length)
      return this.swallow(this.swallowed)
    }
    const to = from + fixed.length
    if (to > this.data.length) return undefined
    const raw = this.data.subarray(this.at, to)
    this.at = to
    if (header >> 4 !== publishType) return { kind: 'other', raw }
    return { kind: 'publish', header, body: raw.subarray(fixed.bytes), length: fixed.length }
  }

  private swallow(swallowed: Swallowed): PublishBytes | undefined {
    this.at += swallowed.take(this.data.subarray(this.at))
    if (swallowed.remaining > 0) return undefined
    this.swallowed = undefined
    return swallowed.packet()
  }
}

/** A PUBLISH too large, on its way past. */
class Swallowed {
  remaining: number
  private readonly kept: Buffer[] = []
  private wanted = longestVariableHeader + keptPayload

  constructor(
    private readonly header: number,
    private readonly length: number,
  ) {
    if (header >> 4 !== publishType) throw new StreamUnusable(`a packet of ${length} bytes`)
    this.remaining = length
  }

  /** Returns how many of these bytes were the packet's. */
  take(data: Buffer): number {
    const part = data.subarray(0, this.remaining)
    const kept = part.subarray(0, this.wanted)
    if (kept.length > 0) this.kept.push(Buffer.from(kept))
    this.wanted -= kept.length
    this.remaining -= part.length
    return part.length
  }

  packet(): PublishBytes {
    return {
      kind: 'publish',
      header: this.header,
      body: Buffer.concat(this.kept),
      length: this.length,
    }
  }
}
