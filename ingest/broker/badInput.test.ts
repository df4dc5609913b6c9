import { setTimeout as pause } from 'node:timers/promises'
import type { MqttClient } from 'mqtt'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { DeadLetterReason } from '../../core/reading.ts'
import { now, openWayIn, publishPacket, pump, pumpTopic, type WayIn } from './testing.ts'

/*
 * Each bad message over a real socket: it is acknowledged, kept or counted as the design says, the connection lives,
 * and the next message is unharmed.
 */

const day = 86_400_000
const json = (value: unknown) => Buffer.from(JSON.stringify(value))
const values = pump(now).values as Record<string, unknown>
const withValue = (vibration: unknown) => json(pump(now, { values: { ...values, vibration } }))
const raw = (text: string) => Buffer.from(text)
const nested = (depth: number) => raw('['.repeat(depth) + ']'.repeat(depth))
const noise = Buffer.from(Array.from({ length: 2000 }, (_, i) => (i * 7919 + 13) % 256))

interface Case {
  readonly name: string
  readonly topic?: string
  readonly payload: Buffer
  /** Reasons of the dead letters it leaves, with the readings in them. */
  readonly letters: Partial<Record<DeadLetterReason, number>>
  /** Readings accepted from it. */
  readonly accepted?: number
}

const cases: Case[] = [
  { name: 'text that is not JSON', payload: raw('vibration=3'), letters: { not_json: 1 } },
  { name: 'JSON cut off', payload: raw('{"time": 1, "values": {"vib'), letters: { not_json: 1 } },
  {
    name: 'a literal NaN',
    payload: raw(`{"time": ${now}, "values": {"vibration": NaN}}`),
    letters: { not_json: 1 },
  },
  { name: 'binary noise', payload: noise, letters: { not_json: 1 } },
  { name: 'an empty payload', payload: raw(''), letters: { empty_payload: 1 } },
  { name: 'a number for a reading', payload: raw('42'), letters: { wrong_shape: 1 } },
  { name: 'null for a reading', payload: raw('null'), letters: { wrong_shape: 1 } },
  { name: 'an empty array', payload: raw('[]'), letters: { wrong_shape: 0 } },
  { name: 'deep nesting', payload: nested(50_000), letters: { wrong_shape: 1 } },
  { name: 'values missing', payload: json({ time: now }), letters: { wrong_shape: 1 } },
  { name: 'values as an array', payload: json({ time: now, values: [1, 2] }), letters: { wrong_shape: 1 } },
  { name: 'values empty', payload: json({ time: now, values: {} }), letters: { no_values: 1 } },
  { name: 'time missing', payload: json({ values }), letters: { bad_time: 1 } },
  {
    name: 'time without a zone',
    payload: json(pump(0, { time: '2026-01-15T12:00:00' })),
    letters: { bad_time: 1 },
  },
  { name: 'far past', payload: json(pump(now - 31 * day)), letters: { too_old: 1 } },
  { name: 'seconds for milliseconds', payload: json(pump(now / 1000)), letters: { too_old: 1 } },
  { name: 'far future', payload: json(pump(now + 61_000)), letters: { too_far_ahead: 1 } },
  {
    name: 'an unknown asset type',
    topic: 'forewarn/north/turbine/t1/telemetry',
    payload: json([pump(now), pump(now + 1)]),
    letters: { unknown_asset_type: 2 },
  },
  {
    name: 'an unknown channel beside good ones',
    payload: json(pump(now, { values: { ...values, colour: 3 } })),
    letters: { unknown_channel: 0 },
    accepted: 1,
  },
  {
    name: 'unknown channels only',
    payload: json(pump(now, { values: { colour: 3 } })),
    letters: { unknown_channel: 0, no_values: 1 },
  },
  {
    name: 'text where a number belongs',
    payload: withValue('12'),
    letters: { not_a_number: 0 },
    accepted: 1,
  },
  {
    name: 'null where a number belongs',
    payload: withValue(null),
    letters: { not_a_number: 0 },
    accepted: 1,
  },
  { name: 'an object for a number', payload: withValue({ v: 1 }), letters: { not_a_number: 0 }, accepted: 1 },
  {
    name: 'a number too large for a float',
    payload: raw(`{"time": ${now}, "values": {"vibration": 1e999, "flow": 80}}`),
    letters: { not_a_number: 0 },
    accepted: 1,
  },
  { name: 'an implausible value', payload: withValue(101), letters: { implausible: 0 }, accepted: 1 },
  {
    name: 'an array with good and bad readings',
    payload: json([
      pump(now),
      7,
      pump(now + 1),
      { time: 'noon', values },
      pump(now - 40 * day),
      pump(now + 2),
    ]),
    letters: { wrong_shape: 1, bad_time: 1, too_old: 1 },
    accepted: 3,
  },
  {
    name: 'a byte order mark',
    payload: Buffer.concat([raw('\ufeff'), json(pump(now))]),
    letters: {},
    accepted: 1,
  },
  { name: 'duplicates in one array', payload: json([pump(now), pump(now)]), letters: {}, accepted: 2 },
  {
    name: 'late and out of order',
    payload: json([pump(now), pump(now - day), pump(now - 2)]),
    letters: {},
    accepted: 3,
  },
  { name: 'a payload of 1 MiB', payload: Buffer.alloc(1024 ** 2, 'x'), letters: { too_large: 1 } },
  { name: 'a payload one byte too large', payload: Buffer.alloc(262_145, ' '), letters: { too_large: 1 } },
  {
    name: 'a topic with too few levels',
    topic: 'forewarn/p1',
    payload: json(pump(now)),
    letters: { bad_topic: 1 },
  },
  {
    name: 'a topic with too many levels',
    topic: `forewarn${'/x'.repeat(200)}`,
    payload: json(pump(now)),
    letters: { bad_topic: 1 },
  },
  {
    name: 'a topic of 60 kB',
    topic: 'x'.repeat(60_000),
    payload: json(pump(now)),
    letters: { bad_topic: 1 },
  },
  {
    name: 'a topic of the broker itself',
    topic: '$SYS/broker/fake',
    payload: json(pump(now)),
    letters: { bad_topic: 1 },
  },
  {
    name: 'a device name with a space',
    topic: 'forewarn/north/pump/p 1/telemetry',
    payload: json(pump(now)),
    letters: { bad_topic: 1 },
  },
  {
    name: 'a device at another site',
    topic: 'forewarn/south/pump/known/telemetry',
    payload: json(pump(now)),
    letters: { wrong_place: 1 },
  },
  {
    name: 'an event of an unknown kind',
    topic: 'forewarn/north/pump/p1/event',
    payload: json({ time: now, kind: 'exploded' }),
    letters: { wrong_shape: 0 },
  },
  {
    name: 'an event that is not JSON',
    topic: 'forewarn/north/pump/p1/event',
    payload: raw('repaired'),
    letters: { not_json: 0 },
  },
]

/** Topics that mqtt.js refuses to send: the packet is written by hand. */
const forbidden = [
  ['a wildcard +', 'forewarn/+/pump/p1/telemetry'],
  ['a wildcard #', 'forewarn/#'],
  ['nothing at all', ''],
] as const

describe('bad input over a socket', () => {
  let wayIn: WayIn
  let client: MqttClient
  let disconnects = 0

  beforeAll(async () => {
    wayIn = await openWayIn()
    client = await wayIn.connect()
    client.on('close', () => disconnects++)
    await client.publishAsync(pumpTopic('known'), json(pump(now)), { qos: 1 })
    await empty()
  })
  afterEach(() => empty())
  afterAll(() => wayIn.close())

  const empty = async () => {
    const letters = await wayIn.log.deadLetters.list({ limit: 1000 })
    await wayIn.log.deadLetters.remove(letters.map(({ id }) => id))
    await wayIn.log.commit('store', wayIn.log.last())
  }
  const nextIsUnharmed = async () => {
    const before = wayIn.log.stats().behind.store!
    await client.publishAsync(pumpTopic('healthy'), json(pump(now)), { qos: 1 })
    expect(wayIn.log.stats().behind.store).toBe(before + 1)
    expect([disconnects, client.connected]).toEqual([0, true])
  }
  const lettersLeft = async () =>
    Object.fromEntries(
      (await wayIn.log.deadLetters.list({ limit: 100 })).map((letter) => [letter.reason, letter.readings]),
    )

  it.each(cases.map((c) => [c.name, c] as const))(
    '%s',
    async (_name, { topic = pumpTopic('p1'), payload, letters, accepted = 0 }) => {
      await client.publishAsync(topic, payload, { qos: 1 })
      expect(await lettersLeft()).toEqual(letters)
      expect(wayIn.log.stats().behind.store).toBe(accepted)
      for (const letter of await wayIn.log.deadLetters.list()) {
        expect(letter.topic).toBe(topic.slice(0, 1024))
        const original = letter.reason === 'too_large' ? payload.subarray(0, 4096) : payload
        expect(Buffer.compare(letter.payload, original)).toBe(0)
      }
      await nextIsUnharmed()
    },
  )

  it.each(forbidden)('a topic with %s', async (_name, topic) => {
    const acknowledged = new Promise<number>((resolve) => {
      client.on('packetreceive', function heard(packet) {
        if (packet.cmd !== 'puback') return
        client.removeListener('packetreceive', heard)
        resolve(packet.messageId!)
      })
    })
    client.stream.write(publishPacket(topic, json(pump(now)), 60_000))
    expect(await acknowledged).toBe(60_000)
    const [letter] = await wayIn.log.deadLetters.list()
    expect(letter).toMatchObject({ reason: 'bad_topic', topic, readings: 1 })
    await nextIsUnharmed()
  })

  it('a packet of 32 MiB is swallowed and acknowledged in its place', async () => {
    const payload = Buffer.alloc(32 * 1024 ** 2, 'y')
    const [, after] = await Promise.all([
      client.publishAsync(pumpTopic('p1'), payload, { qos: 1 }),
      client.publishAsync(pumpTopic('p1'), json(pump(now)), { qos: 1 }),
    ])
    expect(after).toBeDefined()
    const [letter] = await wayIn.log.deadLetters.list()
    expect(letter).toMatchObject({
      reason: 'too_large',
      detail: expect.stringContaining(String(payload.length)),
    })
    expect(letter!.payload).toHaveLength(4096)
    await nextIsUnharmed()
  })

  it('seq gaps, a rebooted counter and duplicates are counted, and nothing is refused', async () => {
    const before = wayIn.intake.stats()
    const seqs = [1, 2, 5, 6, 0, 1]
    await client.publishAsync(pumpTopic('counting'), json(seqs.map((seq, i) => pump(now + i, { seq }))), {
      qos: 1,
    })
    await client.publishAsync(pumpTopic('counting'), json(pump(now + 5, { seq: 1 })), { qos: 1 })
    const after = wayIn.intake.stats()
    expect([after.seqGaps - before.seqGaps, after.reboots - before.reboots]).toEqual([2, 1])
    expect(wayIn.log.stats().behind.store).toBe(7)
    await nextIsUnharmed()
  })

  it('bad messages between good ones of a burst leave every good one', async () => {
    const sent: Promise<unknown>[] = []
    for (let i = 0; i < 300; i++) {
      const payload = i % 3 === 0 ? json(pump(now + i)) : i % 3 === 1 ? noise : Buffer.alloc(400_000)
      sent.push(client.publishAsync(pumpTopic('burst'), payload, { qos: 1 }))
    }
    await Promise.all(sent)
    const times = wayIn.log.read(0, Infinity)!.batches[0]!.time
    expect([...times].filter((time) => time !== now)).toHaveLength(99)
    expect(wayIn.log.stats().behind.store).toBe(100)
    await nextIsUnharmed()
  })

  it('a connection that speaks no MQTT is closed and hurts nobody', async () => {
    const other = await wayIn.connect()
    const closed = new Promise<void>((resolve) => other.once('close', () => resolve()))
    other.stream.write(Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff]))
    await closed
    await pause(5)
    await nextIsUnharmed()
  })
})
