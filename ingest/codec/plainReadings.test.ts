import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PlainReadings } from './plainReadings.ts'
import { type DecodedTelemetry, TelemetryDecoder } from './telemetry.ts'
import { now, press, pressContext } from './testing.ts'

const decoder = new TelemetryDecoder(press)
const reader = new PlainReadings({
  names: ['strokes', 'force', 'temperature'],
  low: Float64Array.of(0, -100, 0),
  high: Float64Array.of(1e6, 100, 50),
  usage: 0,
})
const read = (text: string) => reader.read(Buffer.from(text))

/** Typed arrays, NaN and -0 made comparable. */
const comparable = ({ readings, ...rest }: DecodedTelemetry) => ({
  ...rest,
  readings: readings.map((reading) => ({ ...reading, values: [...reading.values] })),
})

/** A number as a device may write it. */
const number = fc.oneof(
  fc.integer({ min: -120, max: 120 }).map(String),
  fc.double({ noNaN: true }).map(String),
  fc
    .tuple(fc.integer({ min: -99, max: 99 }), fc.integer({ min: 0, max: 999_999 }))
    .map(([a, b]) => `${a}.${b}`),
  fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 20n }), fc.nat(25)).map(([digits, places]) => {
    const text = digits.toString().padStart(places + 1, '0')
    return places === 0 ? text : `${text.slice(0, -places)}.${text.slice(-places)}`
  }),
  fc.constantFrom('-0', '0.0', '00', '1.', '.5', '-', '1e2', '1E-2', 'NaN', 'null', '"7"', 'true', '+1'),
)
const time = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: now - 1e6, max: now + 1e5 }).map(String) },
  number,
)
const gap = fc.constantFrom('', '', '', ' ', '\n', '\t ', '\r\n', '\u00a0')
const member = (name: fc.Arbitrary<string>, value: fc.Arbitrary<string>) =>
  fc.tuple(gap, name, gap, gap, value, gap).map(([a, n, b, c, v, d]) => `${a}"${n}"${b}:${c}${v}${d}`)
const object = (members: fc.Arbitrary<string>, most: number) =>
  fc.array(members, { maxLength: most }).map((all) => `{${all.join(',')}}`)

const channel = fc.constantFrom('strokes', 'force', 'temperature', 'for\\u0063e', 'noise')
const values = object(member(channel, number), 4)
const reading = object(
  fc.oneof(
    member(fc.constant('time'), time),
    member(fc.constant('values'), values),
    member(fc.constantFrom('seq', 'publishedAt', 'usage', 'boot', 'else'), number),
  ),
  5,
)
const payload = fc.oneof(
  { weight: 3, arbitrary: reading },
  fc.array(reading, { maxLength: 3 }).map((all) => `[${all.join(',')}]`),
)

describe('plain readings', () => {
  it('are what the general decoder makes of them, or are left to it', () => {
    fc.assert(
      fc.property(payload, gap, (text, after) => {
        const bytes = Buffer.from(text + after)
        const direct = comparable(decoder.decode(bytes, pressContext))
        expect(direct).toEqual(comparable(decoder.decodeJson(bytes, pressContext)))
      }),
      { numRuns: 6_000 },
    )
  })

  it('are the same for every damaged byte', () => {
    const whole = Buffer.from(`[{"time":${now},"seq":7,"values":{"strokes":12.5,"force":-3}}]`)
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.boolean(), (at, byte, cut) => {
        const bytes = Buffer.from(whole)
        bytes[at] = byte
        const damaged = cut ? bytes.subarray(0, at) : bytes
        const direct = comparable(decoder.decode(damaged, pressContext))
        expect(direct).toEqual(comparable(decoder.decodeJson(damaged, pressContext)))
      }),
      { numRuns: 3_000 },
    )
  })

  it('are read directly where a device writes what devices write', () => {
    const one = `{"time":${now},"seq":42,"values":{"strokes":12,"force":-0.125,"temperature":0.1}}`
    expect(read(one)).toEqual([
      { time: now, seq: 42, publishedAt: Number.NaN, values: Float64Array.of(12, -0.125, 0.1) },
    ])
    expect(read(`[${one} , ${one}]\n`)).toHaveLength(2)
    const usage = `{ "values": { "temperature": 7.25 }, "usage": 9, "publishedAt": ${now}, "time": ${now} }`
    expect(read(usage)?.[0]).toMatchObject({ publishedAt: now, values: Float64Array.of(9, Number.NaN, 7.25) })
  })

  it.each([
    ['a time in words', '{"time":"2026-01-15T00:00:00Z","values":{"force":1}}'],
    ['a boot id', `{"time":${now},"boot":"a","values":{"force":1}}`],
    ['an unknown channel', `{"time":${now},"values":{"noise":1}}`],
    ['a value beyond what is plausible', `{"time":${now},"values":{"force":101}}`],
    ['an exponent', `{"time":${now},"values":{"force":1e1}}`],
    ['more digits than a double holds', `{"time":${now},"values":{"force":0.12345678901234567}}`],
    ['a name that stands twice', `{"time":${now},"values":{"force":1,"force":2}}`],
    ['something behind it', `{"time":${now},"values":{"force":1}}}`],
    ['nothing in it', '[]'],
  ])('are not those with %s', (_name, text) => {
    expect(read(text)).toBeUndefined()
  })
})
