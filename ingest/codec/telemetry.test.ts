import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deadLetterReasons } from '../../core/reading.ts'
import { type DecodedTelemetry, TelemetryDecoder } from './telemetry.ts'
import { now, press, pressContext } from './testing.ts'

const context = pressContext
const decoder = new TelemetryDecoder(press)
const decode = (value: unknown) => decoder.decode(Buffer.from(JSON.stringify(value)), context)
const decodeBytes = (bytes: Uint8Array) => decoder.decode(bytes, context)

/** Typed arrays and NaN made comparable. */
const plain = ({ readings, ...rest }: DecodedTelemetry) => ({
  ...rest,
  readings: readings.map((reading) => ({ ...reading, values: [...reading.values] })),
})

const time = fc.integer({ min: context.oldest, max: context.newest })
const validReading = fc.record(
  {
    time: fc.oneof(
      time,
      time.map((t) => new Date(t).toISOString()),
    ),
    seq: fc.nat(),
    boot: fc.string({ maxLength: 20 }),
    publishedAt: fc.nat(),
    values: fc.record(
      {
        strokes: fc.double({ min: 0, max: 1e6, noNaN: true }),
        force: fc.double({ min: -100, max: 100, noNaN: true }),
        temperature: fc.double({ min: 0, max: 50, noNaN: true }),
      },
      { requiredKeys: ['force'] },
    ),
  },
  { requiredKeys: ['time', 'values'] },
)

describe('TelemetryDecoder', () => {
  it('gives back every valid reading as it was', () => {
    fc.assert(
      fc.property(fc.array(validReading, { minLength: 1, maxLength: 5 }), (sent) => {
        const { readings, rejections } = decode(sent)
        expect(rejections).toEqual([])
        readings.forEach((reading, i) => {
          const { time, values, seq, publishedAt, boot } = sent[i]!
          expect(reading).toMatchObject({ site: 's', device: 'd', assetType: 'press', receivedAt: now, boot })
          expect(reading.time).toBe(typeof time === 'number' ? time : Date.parse(time))
          // JSON has no negative zero
          const received = press.channels.map(({ name }) => values[name as 'force'] ?? Number.NaN)
          expect([...reading.values]).toEqual(received.map((value) => (value === 0 ? 0 : value)))
          expect([reading.seq, reading.publishedAt]).toEqual([seq ?? Number.NaN, publishedAt ?? Number.NaN])
        })
        expect(readings).toHaveLength(sent.length)
      }),
    )
  })

  it('does not mind the order of the keys', () => {
    const shuffled = validReading.chain((reading) =>
      fc.tuple(
        fc.constant(reading),
        fc.shuffledSubarray(Object.entries(reading), { minLength: Object.keys(reading).length }),
        fc.shuffledSubarray(Object.entries(reading.values), {
          minLength: Object.keys(reading.values).length,
        }),
      ),
    )
    fc.assert(
      fc.property(shuffled, ([reading, entries, values]) => {
        const other = { ...Object.fromEntries(entries), values: Object.fromEntries(values) }
        expect(plain(decode(other))).toEqual(plain(decode(reading)))
      }),
    )
  })

  it('never throws, whatever the bytes, and accounts for everything', () => {
    const almost = fc.tuple(validReading, fc.nat(), fc.integer({ min: 0, max: 255 })).map(([r, at, byte]) => {
      const bytes = Buffer.from(JSON.stringify(r))
      bytes[at % bytes.length] = byte
      return bytes as Uint8Array
    })
    const payload = fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.json().map(Buffer.from), almost)
    fc.assert(
      fc.property(payload, (bytes) => {
        const { readings, rejections } = decodeBytes(bytes)
        expect(readings.length + rejections.length).toBeGreaterThan(0)
        for (const { reason, detail } of rejections) {
          expect(deadLetterReasons).toHaveProperty(reason)
          expect(detail.length).toBeLessThan(300)
        }
        for (const { values, time } of readings) {
          expect(Number.isInteger(time) && time >= context.oldest && time <= context.newest).toBe(true)
          expect(values.some((value) => !Number.isNaN(value))).toBe(true)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('is not slow for payloads made to be so', () => {
    const size = 262_144
    const hostile = [
      `${'['.repeat(size / 2)}${']'.repeat(size / 2)}`,
      `[${'1,'.repeat(size / 2 - 2)}1]`,
      `{"time":${now},"values":{${Array.from({ length: 20_000 }, (_, i) => `"k${i}":1`).join(',')}}}`,
      `{"time":"${'1'.repeat(size)}","values":{}}`,
      `{"time":${now},"values":{"force":${'9'.repeat(size)}}}`,
      `[${Array.from({ length: 10_000 }, () => '{"values":{},"a":0}').join(',')}]`,
    ]
    const started = performance.now()
    for (const text of hostile) decodeBytes(Buffer.from(text))
    expect(performance.now() - started).toBeLessThan(1500)
  })

  it('leaves a bad value out alone', () => {
    const { readings, rejections, rejectedValues } = decode({
      time: now,
      values: { force: 1, temperature: '12', strokes: 1e7, colour: 3 },
    })
    expect([...readings[0]!.values]).toEqual([Number.NaN, 1, Number.NaN])
    expect(rejectedValues).toBe(3)
    expect(rejections).toEqual([
      { reason: 'not_a_number', detail: 'temperature is text "12"', readings: 0 },
      { reason: 'implausible', detail: 'strokes is 10000000, plausible is 0 to 1000000', readings: 0 },
      { reason: 'unknown_channel', detail: 'colour', readings: 0 },
    ])
  })

  it('leaves a bad reading out of its array alone, and sums up by reason', () => {
    const good = { time: now, values: { force: 1 } }
    const { readings, rejections } = decode([
      good,
      { ...good, time: null },
      good,
      { ...good, time: 'noon' },
      [],
    ])
    expect(readings).toHaveLength(2)
    expect(rejections).toEqual([
      { reason: 'bad_time', detail: 'time is null, and 1 more', readings: 2 },
      { reason: 'wrong_shape', detail: 'an array where a reading belongs', readings: 1 },
    ])
  })

  it('accepts the plausible limits and nothing beyond', () => {
    for (const force of [-100, 100]) expect(decode({ time: now, values: { force } }).readings).toHaveLength(1)
    const { readings, rejections } = decode({ time: now, values: { force: 100.001 } })
    expect(readings).toEqual([])
    expect(rejections.map(({ reason, readings }) => [reason, readings])).toEqual([
      ['implausible', 0],
      ['no_values', 1],
    ])
  })

  it('accepts the limits of time and nothing beyond', () => {
    const at = (time: number) => decode({ time, values: { force: 1 } }).rejections[0]?.reason
    expect([at(context.oldest), at(context.newest)]).toEqual([undefined, undefined])
    expect([at(context.oldest - 1), at(context.newest + 1)]).toEqual(['too_old', 'too_far_ahead'])
  })

  it('puts usage into the channel with that role, unless values has it', () => {
    const strokes = (message: object) => decode({ time: now, ...message }).readings[0]?.values[0]
    expect(strokes({ usage: 7, values: {} })).toBe(7)
    expect(strokes({ usage: 7, values: { strokes: 8 } })).toBe(8)
    expect(decode({ time: now, usage: 'x', values: { force: 1 } }).rejections).toMatchObject([
      { reason: 'not_a_number', readings: 0 },
    ])
  })

  it('takes seq, boot and publishedAt only where they make sense', () => {
    const [reading] = decode({
      time: now,
      seq: '3',
      boot: {},
      publishedAt: 'soon',
      values: { force: 1 },
    }).readings
    expect(reading).toMatchObject({ seq: Number.NaN, boot: undefined, publishedAt: Number.NaN })
    expect(decode({ time: now, boot: 4, values: { force: 1 } }).readings[0]!.boot).toBe('4')
  })

  it('is not fooled by names of the object prototype', () => {
    const text = `{"time":${now},"values":{"__proto__":1,"constructor":2,"force":3}}`
    const { readings, rejections } = decodeBytes(Buffer.from(text))
    expect(readings[0]!.values[1]).toBe(3)
    expect(rejections).toEqual([{ reason: 'unknown_channel', detail: '__proto__, and 1 more', readings: 0 }])
  })
})
