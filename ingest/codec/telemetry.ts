import type { AssetType } from '../../core/catalogue.ts'
import type { Reading } from '../../core/reading.ts'
import { describe, isObject, parseJson, printable } from './json.ts'
import { type PlainReading, PlainReadings } from './plainReadings.ts'
import { type Rejection, Rejections } from './rejections.ts'
import { parseTime } from './time.ts'

/** A reading with the device's boot id, which only the sequence watch needs. */
export interface DecodedReading extends Reading {
  readonly boot: string | undefined
}

export interface DecodedTelemetry {
  readonly readings: readonly DecodedReading[]
  readonly rejections: readonly Rejection[]
  /** Single values that were left out of accepted or rejected readings. */
  readonly rejectedValues: number
}

/** Where and when a message came in, and which event times are believable. */
export interface TelemetryContext {
  readonly site: string
  readonly device: string
  readonly receivedAt: number
  /** Oldest and newest event time that is accepted, ms. */
  readonly oldest: number
  readonly newest: number
}

const nothing: readonly Rejection[] = []

/**
 * Payload bytes of `.../telemetry` to readings, by the catalogue of one asset type. One reading or an array:
 * `{"time": ms or ISO 8601, "values": {channel: number}, "seq"?, "boot"?, "publishedAt"?, "usage"?}`; `usage` goes to
 * the channel with the role usage unless `values` has it. A bad value is left out alone, a bad reading is left out of
 * its array. Never throws.
 */
export class TelemetryDecoder {
  private readonly index: ReadonlyMap<string, number>
  private readonly low: Float64Array
  private readonly high: Float64Array
  private readonly usage: number
  private readonly plain: PlainReadings
  private rejections: Rejections | undefined
  private rejectedValues = 0

  constructor(private readonly type: AssetType) {
    this.index = new Map(type.channels.map((channel, i) => [channel.name, i]))
    this.low = Float64Array.from(type.channels, (channel) => channel.plausible[0])
    this.high = Float64Array.from(type.channels, (channel) => channel.plausible[1])
    this.usage = type.channels.findIndex((channel) => channel.role === 'usage')
    const names = type.channels.map((channel) => channel.name)
    this.plain = new PlainReadings({ names, low: this.low, high: this.high, usage: this.usage })
  }

  decode(payload: Uint8Array, context: TelemetryContext): DecodedTelemetry {
    const plain = this.plain.read(payload)
    if (plain?.every(({ time }) => time >= context.oldest && time <= context.newest)) {
      return {
        readings: plain.map((reading) => this.plainReading(reading, context)),
        rejections: nothing,
        rejectedValues: 0,
      }
    }
    return this.decodeJson(payload, context)
  }

  /** The same by way of a parsed object: takes three times as long, and judges whatever comes. */
  decodeJson(payload: Uint8Array, context: TelemetryContext): DecodedTelemetry {
    const json = parseJson(payload)
    if (!json.ok) {
      const { reason, detail } = json
      return { readings: [], rejections: [{ reason, detail, readings: 1 }], rejectedValues: 0 }
    }
    return this.decodeValue(json.value, context)
  }

  /** The same for a payload that is parsed already. */
  decodeValue(value: unknown, context: TelemetryContext): DecodedTelemetry {
    this.rejections = undefined
    this.rejectedValues = 0
    const readings = this.readings(value, context)
    return { readings, rejections: this.listed(), rejectedValues: this.rejectedValues }
  }

  private readings(value: unknown, context: TelemetryContext): DecodedReading[] {
    if (!Array.isArray(value)) {
      const single = this.reading(value, context)
      return single ? [single] : []
    }
    if (value.length === 0) this.reject('wrong_shape', () => 'an array without readings', 0)
    const readings: DecodedReading[] = []
    for (const item of value) {
      const reading = this.reading(item, context)
      if (reading) readings.push(reading)
    }
    return readings
  }

  private reading(input: unknown, context: TelemetryContext): DecodedReading | undefined {
    if (!isObject(input))
      return this.reject('wrong_shape', () => `${describe(input)} where a reading belongs`)
    if (!isObject(input.values)) {
      return this.reject('wrong_shape', () => `values is ${describe(input.values)}, an object belongs there`)
    }
    const time = parseTime(input.time)
    if (Number.isNaN(time)) return this.reject('bad_time', () => `time is ${describe(input.time)}`)
    if (time < context.oldest) return this.reject('too_old', () => `time is ${instant(time)}`)
    if (time > context.newest) return this.reject('too_far_ahead', () => `time is ${instant(time)}`)
    const values = this.values(input.values, input.usage)
    if (!values)
      return this.reject('no_values', () => `of ${Object.keys(input.values as object).length} values`)
    return {
      device: context.device,
      site: context.site,
      assetType: this.type.name,
      time,
      receivedAt: context.receivedAt,
      publishedAt: input.publishedAt === undefined ? Number.NaN : parseTime(input.publishedAt),
      seq: sequence(input.seq),
      values,
      boot: bootId(input.boot),
    }
  }

  private plainReading({ time, publishedAt, seq, values }: PlainReading, context: TelemetryContext) {
    return {
      device: context.device,
      site: context.site,
      assetType: this.type.name,
      time: parseTime(time),
      receivedAt: context.receivedAt,
      publishedAt: parseTime(publishedAt),
      seq: sequence(seq),
      values,
      boot: undefined,
    }
  }

  /** The accepted values in catalogue order, or undefined when none is left. */
  private values(input: Record<string, unknown>, usage: unknown): Float64Array | undefined {
    const values = new Float64Array(this.low.length).fill(Number.NaN)
    let accepted = 0
    for (const name in input) {
      if (this.accept(name, this.index.get(name), input[name], values)) accepted++
    }
    if (usage !== undefined && !(this.usage >= 0 && this.has(input, this.usage))) {
      if (this.accept('usage', this.usage < 0 ? undefined : this.usage, usage, values)) accepted++
    }
    return accepted > 0 ? values : undefined
  }

  private has(input: Record<string, unknown>, channel: number): boolean {
    return Object.hasOwn(input, this.type.channels[channel]!.name)
  }

  private accept(name: string, channel: number | undefined, value: unknown, into: Float64Array): boolean {
    if (channel === undefined) return this.rejectValue('unknown_channel', () => printable(name, 64))
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      return this.rejectValue('not_a_number', () => `${name} is ${describe(value)}`)
    }
    if (value < this.low[channel]! || value > this.high[channel]!) {
      return this.rejectValue('implausible', () => `${name} is ${value}, ${this.plausible(channel)}`)
    }
    into[channel] = value
    return true
  }

  private plausible(channel: number): string {
    return `plausible is ${this.low[channel]} to ${this.high[channel]}`
  }

  private reject(reason: Rejection['reason'], detail: () => string, readings: 0 | 1 = 1): undefined {
    this.rejections ??= new Rejections()
    this.rejections.add(reason, detail, readings)
  }

  private rejectValue(reason: Rejection['reason'], detail: () => string): false {
    this.rejectedValues++
    this.reject(reason, detail, 0)
    return false
  }

  private listed(): readonly Rejection[] {
    return this.rejections ? this.rejections.list() : nothing
  }
}

/** A counter is a whole number from 0; anything else measures no gaps. */
const sequence = (value: unknown): number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : Number.NaN

const bootId = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, 64) : undefined

const instant = (time: number): string => new Date(time).toISOString()
