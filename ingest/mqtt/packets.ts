/** The stream cannot go on: a packet that is too large and no well-formed PUBLISH, or no packet at all. */
export class StreamUnusable extends Error {}

/** Of a payload beyond the limit so much is kept. */
export const keptPayload = 4096
/** Topic with its length, and packet identifier. */
const longestVariableHeader = 2 + 65_535 + 2

export const publishType = 3

/** A packet as it lies in the stream's bytes, without a copy. */
export interface Packet {
  /** First byte: type in the upper half, for a PUBLISH then DUP, QoS, RETAIN. */
  readonly header: number
  readonly data: Buffer
  /** Where in `data` it begins, what stands behind its fixed header begins, and it ends. */
  readonly start: number
  readonly body: number
  readonly end: number
  /** Bytes behind the fixed header, those of a packet beyond the limit that were not kept included. */
  readonly length: number
}

export const isPublish = ({ header }: Packet): boolean => header >> 4 === publishType
/** Whether only the first bytes of it were kept. */
export const isCut = ({ body, end, length }: Packet): boolean => end - body < length

const nothing = Buffer.alloc(0)

/**
 * Cuts an MQTT stream into packets (section 2.1 of 3.1.1 and 5). Pulled, not pushed: who takes the packets stops when
 * there is no room for another. A PUBLISH beyond the limit is swallowed as it arrives, so that memory stays bounded.
 */
export class PacketSplitter {
  private data: Buffer = nothing
  private at = 0
  /** Chunks that do not complete the packet yet: joined once, however small the pieces are in which it comes. */
  private waiting: Buffer[] = []
  private waitingBytes = 0
  /** Bytes that the packet at `at` needs; 0 where that is not known. */
  private needed = 0
  private swallowed: Swallowed | undefined

  /** `maxBytes`: greatest length of a packet behind its fixed header. */
  constructor(private readonly maxBytes: number) {}

  feed(chunk: Buffer): void {
    const left = this.data.length - this.at
    if (left === 0 && this.waitingBytes === 0) {
      this.data = chunk
      this.at = 0
      return
    }
    this.waiting.push(chunk)
    this.waitingBytes += chunk.length
    if (left + this.waitingBytes < this.needed) return
    this.data = Buffer.concat([this.data.subarray(this.at), ...this.waiting])
    this.at = 0
    this.waiting = []
    this.waitingBytes = 0
  }

  /** The next whole packet, undefined until more is fed. Throws StreamUnusable. */
  next(): Packet | undefined {
    if (this.swallowed) return this.swallow(this.swallowed)
    if (this.waitingBytes > 0) return undefined
    const { data, at: start } = this
    if (start === data.length) {
      // a quiet connection holds on to no memory
      this.data = nothing
      this.at = 0
      return undefined
    }
    const fixed = fixedHeader(data, start)
    if (fixed === 'malformed') throw new StreamUnusable('a packet length of more than four bytes')
    if (fixed === 'incomplete') {
      this.needed = 0
      return undefined
    }
    const header = data[start]!
    const body = start + fixed.bytes
    const { length } = fixed
    if (length > this.maxBytes) {
      this.at = body
      this.swallowed = new Swallowed(header, length)
      return this.swallow(this.swallowed)
    }
    const end = body + length
    if (end > data.length) {
      this.needed = end - start
      return undefined
    }
    this.at = end
    return { header, data, start, body, end, length }
  }

  private swallow(swallowed: Swallowed): Packet | undefined {
    this.at += swallowed.take(this.data.subarray(this.at))
    if (swallowed.remaining > 0) return undefined
    this.swallowed = undefined
    return swallowed.packet()
  }
}

/** How long the fixed header is that begins at `at` (in `bytes`), and the packet behind it (in `length`). */
function fixedHeader(
  data: Buffer,
  at: number,
): { readonly bytes: number; readonly length: number } | 'incomplete' | 'malformed' {
  let length = 0
  for (let i = 0; i < 4; i++) {
    const byte = data[at + 1 + i]
    if (byte === undefined) return 'incomplete'
    length += (byte & 127) * 128 ** i
    if (byte < 128) return { bytes: 2 + i, length }
  }
  return 'malformed'
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

  packet(): Packet {
    const data = Buffer.concat(this.kept)
    return { header: this.header, data, start: 0, body: 0, end: data.length, length: this.length }
  }
}
