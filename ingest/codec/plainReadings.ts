/** A reading in the plain form, as far as its payload tells it. */
export interface PlainReading {
  readonly time: number
  /** NaN where it is not said. */
  readonly publishedAt: number
  readonly seq: number
  /** One value a channel, NaN where it has none; at least one is there. */
  readonly values: Float64Array
}

export interface PlainChannels {
  readonly names: readonly string[]
  readonly low: Float64Array
  readonly high: Float64Array
  /** The channel with the role usage; -1 where there is none. */
  readonly usage: number
}

/** ASCII. */
const comma = 44
const minus = 45
const point = 46
const zero = 48
const nine = 57
const colon = 58
const openArray = 91
const closeArray = 93
const openObject = 123
const closeObject = 125

/** Mantissa and power of ten that a double holds exactly: their quotient is then rounded once, as it should be. */
const greatestMantissa = 2 ** 53
const powers = Float64Array.from({ length: 23 }, (_, exponent) => 10 ** exponent)

const fields = ['time', 'seq', 'publishedAt', 'usage', 'values'].map((name) => Buffer.from(`"${name}"`))
const [timeField, seqField, publishedField, usageField, valuesField] = [0, 1, 2, 3, 4]

/** What only the general decoder can judge. */
class NotPlain extends Error {}
const notPlain = new NotPlain('not plain')

/**
 * Reads telemetry straight from the bytes of JSON where it is plain: one reading or an array, times in ms, numbers
 * without an exponent and of at most 15 digits, every channel known, none twice, every value plausible. That is what nearly all devices send,
 * and it takes a third of the time of a parsed object. For anything else, malformed or only unusual, it says so, and
 * the general decoder judges. A number is read as JSON.parse would read it: mantissa and power of ten are exact, so that the
 * quotient is the nearest double (W. D. Clinger, How to read floating point numbers accurately, 1990, the fast path).
 */
export class PlainReadings {
  private data: Uint8Array = new Uint8Array()
  private at = 0
  private readonly keys: readonly Buffer[]

  constructor(private readonly channels: PlainChannels) {
    this.keys = channels.names.map((name) => Buffer.from(JSON.stringify(name)))
  }

  /** The payload's readings, undefined where it is not plain. */
  read(payload: Uint8Array): PlainReading[] | undefined {
    this.data = payload
    this.at = 0
    try {
      const readings = this.isNext(openArray) ? this.array() : [this.reading()]
      this.space()
      return this.at === payload.length ? readings : undefined
    } catch (thrown) {
      if (thrown === notPlain) return undefined
      throw thrown
    }
  }

  private array(): PlainReading[] {
    const readings = [this.reading()]
    while (this.isNext(comma)) readings.push(this.reading())
    this.expect(closeArray)
    return readings
  }

  private reading(): PlainReading {
    let time = Number.NaN
    let seq = Number.NaN
    let publishedAt = Number.NaN
    let usage = Number.NaN
    let values: Float64Array | undefined
    let seen = 0
    this.expect(openObject)
    do {
      const field = this.field()
      if (seen & (1 << field)) throw notPlain
      seen |= 1 << field
      this.expect(colon)
      if (field === valuesField) values = this.values()
      else if (field === timeField) time = this.number()
      else if (field === seqField) seq = this.number()
      else if (field === publishedField) publishedAt = this.number()
      else usage = this.number()
    } while (this.isNext(comma))
    this.expect(closeObject)
    if (!values || !(seen & (1 << timeField))) throw notPlain
    if (seen & (1 << usageField)) this.addUsage(values, usage)
    return { time, publishedAt, seq, values }
  }

  private field(): number {
    this.space()
    for (let f = 0; f < fields.length; f++) if (this.isThere(fields[f]!)) return f
    throw notPlain
  }

  private values(): Float64Array {
    const values = new Float64Array(this.keys.length).fill(Number.NaN)
    let channel = -1
    this.expect(openObject)
    do {
      channel = this.channel(channel + 1)
      this.expect(colon)
      // a name that stands twice: the last counts, and the first may be wrong
      if (!Number.isNaN(values[channel]!)) throw notPlain
      values[channel] = this.plausible(channel, this.number())
    } while (this.isNext(comma))
    this.expect(closeObject)
    return values
  }

  /** Which channel's name stands here; devices name them in the catalogue's order more often than not. */
  private channel(likely: number): number {
    this.space()
    const { keys } = this
    for (let i = 0; i < keys.length; i++) {
      const channel = (likely + i) % keys.length
      if (this.isThere(keys[channel]!)) return channel
    }
    throw notPlain
  }

  /** `usage` beside the values stands for the channel of that role, unless they have it themselves. */
  private addUsage(values: Float64Array, usage: number): void {
    const channel = this.channels.usage
    if (channel < 0) throw notPlain
    if (Number.isNaN(values[channel]!)) values[channel] = this.plausible(channel, usage)
  }

  private plausible(channel: number, value: number): number {
    const { low, high } = this.channels
    if (value < low[channel]! || value > high[channel]!) throw notPlain
    return value
  }

  private number(): number {
    this.space()
    const { data } = this
    const negative = data[this.at] === minus
    if (negative) this.at++
    const start = this.at
    let mantissa = this.digits(0)
    const digits = this.at - start
    if (digits === 0 || (digits > 1 && data[start] === zero)) throw notPlain
    let decimals = 0
    if (data[this.at] === point) {
      const from = ++this.at
      mantissa = this.digits(mantissa)
      decimals = this.at - from
      if (decimals === 0) throw notPlain
    }
    if (mantissa >= greatestMantissa || decimals >= powers.length) throw notPlain
    const value = mantissa / powers[decimals]!
    return negative ? -value : value
  }

  /** Goes on with a decimal number; too many digits make it too large to be exact, which the caller sees. */
  private digits(before: number): number {
    const { data } = this
    let value = before
    let at = this.at
    for (let code = data[at]!; code >= zero && code <= nine; code = data[at]!) {
      value = value * 10 + code - zero
      at++
    }
    this.at = at
    return value
  }

  /** Whether these bytes come next; then they are behind. */
  private isThere(bytes: Uint8Array): boolean {
    const { data, at } = this
    for (let i = 0; i < bytes.length; i++) if (data[at + i] !== bytes[i]) return false
    this.at += bytes.length
    return true
  }

  private isNext(code: number): boolean {
    this.space()
    if (this.data[this.at] !== code) return false
    this.at++
    return true
  }

  private expect(code: number): void {
    if (!this.isNext(code)) throw notPlain
  }

  /** White space of RFC 8259, section 2. */
  private space(): void {
    const { data } = this
    for (let code = data[this.at]; code === 32 || code === 10 || code === 13 || code === 9; ) {
      code = data[++this.at]
    }
  }
}
