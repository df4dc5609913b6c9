/** A stretch of the stream that may be parsed, or the stand-in for a PUBLISH that was too large. */
export interface Passage {
  readonly bytes: Buffer
  /** Size of the packet's whole payload, where these bytes stand for more. */
  readonly oversized?: number
}

/** The stream cannot go on: a packet that is too large and no well-formed PUBLISH. */
export class StreamUnusable extends Error {}

/** Of a swallowed payload so much goes on. */
export const keptPayload = 4096
/** Topic with its length, and packet identifier. */
export const longestVariableHeader = 2 + 65_535 + 2

/**
 * Walks over the fixed headers of an MQTT stream (3.1.1, section 2.2) in front of the parser, which would gather a
 * packet of any size in memory. A PUBLISH beyond the limit is swallowed as it arrives; its topic, its packet identifier
 * and the first bytes of its payload go on as a small PUBLISH in its place, so that it is acknowledged in order and
 * the connection lives.
 */
export class PacketGuard {
  /** Bytes left of the packet that passes or is swallowed. */
  private remaining = 0
  private swallowed: Swallowed | undefined
  /** A fixed header of which the rest has not arrived. */
  private carry: Buffer | undefined
  /** The stream is malformed: the parser shall say so. */
  private malformed = false

  /** `maxBytes`: greatest length of a packet behind its fixed header. */
  constructor(private readonly maxBytes: number) {}

  /** The chunk as it may go on to the parser. Throws StreamUnusable. */
  pass(chunk: Buffer): Passage[] {
    if (this.malformed) return [{ bytes: chunk }]
    const data = this.carry ? Buffer.concat([this.carry, chunk]) : chunk
    this.carry = undefined
    const passages: Passage[] = []
    let from = 0
    let at = 0
    while (at < data.length) {
      if (this.remaining === 0) {
        const header = fixedHeader(data, at)
        if (header === 'incomplete') {
          this.carry = data.subarray(at)
          break
        }
        if (header === 'malformed') {
          this.malformed = true
          at = data.length
          break
        }
        if (header.length > this.maxBytes) {
          addPart(passages, data, from, at)
          this.swallowed = new Swallowed(data[at]!, header.length)
          from = at + header.bytes
        }
        this.remaining = header.length
        at += header.bytes
      }
      const part = Math.min(this.remaining, data.length - at)
      this.remaining -= part
      if (this.swallowed) {
        this.swallowed.take(data.subarray(at, at + part))
        from = at + part
        if (this.remaining === 0) {
          passages.push(this.swallowed.standIn())
          this.swallowed = undefined
        }
      }
      at += part
    }
    addPart(passages, data, from, at)
    return passages
  }
}

function addPart(passages: Passage[], data: Buffer, from: number, to: number): void {
  if (to > from) passages.push({ bytes: data.subarray(from, to) })
}

/** How long the fixed header is that begins at `at` (in `bytes`), and the packet behind it (in `length`). */
export function fixedHeader(
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
  private readonly kept: Buffer[] = []
  private keptBytes = 0
  private readonly qos: number

  constructor(
    private readonly header: number,
    private readonly length: number,
  ) {
    this.qos = (header >> 1) & 3
    if (header >> 4 !== 3 || this.qos === 3) throw new StreamUnusable(`a packet of ${length} bytes`)
  }

  take(part: Buffer): void {
    const wanted = longestVariableHeader + keptPayload - this.keptBytes
    if (wanted <= 0) return
    this.kept.push(Buffer.from(part.subarray(0, wanted)))
    this.keptBytes += Math.min(wanted, part.length)
  }

  standIn(): Passage {
    const kept = Buffer.concat(this.kept)
    const variableHeader = 2 + kept.readUInt16BE(0) + (this.qos > 0 ? 2 : 0)
    if (variableHeader > kept.length) throw new StreamUnusable('a topic longer than its packet')
    const body = kept.subarray(0, variableHeader + keptPayload)
    return {
      bytes: Buffer.concat([Buffer.from([this.header, ...variableLength(body.length)]), body]),
      oversized: this.length - variableHeader,
    }
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
