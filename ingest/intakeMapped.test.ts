import { describe, expect, it } from 'vitest'
import { ForewarnError } from '../core/errors.ts'
import { memoryLog } from './broker/testing.ts'
import type { OpenLog } from './log/log.ts'
import { type MappingState, memoryState } from './mapping/state.ts'
import { now, openMapped } from './mapping/testing.ts'

const tags = {
  vib: { channel: 'vibration' },
  temp: { channel: 'bearing_temperature' },
  flow: { channel: 'flow' },
}
const plc = (collect?: object | false) => ({
  rules: [
    {
      topic: 'plc/{device}/{tag}',
      site: 'north',
      assetType: 'pump',
      device: '{device}',
      payload: 'number',
      time: 'broker',
      channel: '{tag}',
      channels: tags,
      ...(collect === undefined ? {} : { collect }),
    },
  ],
  ignore: ['plc/status'],
})
const json = {
  rules: [
    {
      topic: 'json/{site}/{device}',
      site: '{site}',
      assetType: 'pump',
      device: '{device}',
      time: { at: '/t', format: 'ms' },
      values: { vibration: { at: '/v' }, flow: { at: '/f' } },
    },
  ],
}
const turn = () => new Promise((resolve) => setImmediate(resolve))

describe('mapped messages', () => {
  it('go through the checks of the contract, and leave dead letters with their own topic and bytes', async () => {
    const way = openMapped(json)
    await way.send('json/n/p1', { t: now, v: 2, f: 80 })
    await way.send('json/n/p1', { t: now + 1, v: 1e6, f: 81 })
    await way.send('json/n/p1', { t: now - 1e12, v: 2 })
    await way.send('json/n/p1', { t: now + 1e12, v: 2 })
    await way.send('json/elsewhere/p1', { t: now, v: 2 })
    await way.send('json/n/p1', { t: now + 2, v: 'high' })
    await way.send('json/n/p1', { v: 2 })
    await way.send('other/n/p1', '[1, 2]')
    expect(way.stored()).toEqual([
      ['p1', 0, { vibration: 2, flow: 80 }],
      ['p1', 1, { flow: 81 }],
    ])
    const reasons = (await way.letters()).map(({ reason, readings }) => `${reason} ${readings}`)
    expect(reasons.sort()).toEqual([
      'bad_mapping 1',
      'implausible 0',
      'no_values 1',
      'not_a_number 0',
      'too_far_ahead 1',
      'too_old 1',
      'unmapped 2',
      'wrong_place 1',
    ])
    const [letter] = await way.log.deadLetters.list({ reason: 'bad_mapping' })
    expect([letter!.topic, Buffer.from(letter!.payload).toString()]).toEqual(['json/n/p1', '{"v":2}'])
  })

  it('leave the contract’s topics and the broker’s own alone', async () => {
    const way = openMapped({ ...json, rules: [{ ...json.rules[0], topic: '{site}/{device}/#' }] })
    await way.send('forewarn/n/pump/p1/telemetry', { time: now, values: { flow: 80 } })
    await way.send('forewarn/n/pump/p1', { t: now, v: 1 })
    await way.send('$SYS/n/uptime', { t: now, v: 1 })
    expect(way.stored()).toEqual([['p1', 0, { flow: 80 }]])
    expect((await way.letters()).map(({ reason }) => reason)).toEqual(['bad_topic', 'bad_topic'])
  })

  it('that no rule took are readings once the file is mended and they are sent again', async () => {
    const before = openMapped(plc())
    await before.send('json/n/p1', { t: now, v: 2 })
    const [letter] = await before.log.deadLetters.list({ reason: 'unmapped' })
    const after = openMapped(json, { log: before.log })
    await after.send(letter!.topic, letter!.payload)
    expect(after.stored()).toEqual([['p1', 0, { vibration: 2 }]])
  })

  it('are counted where the file ignores them', async () => {
    const way = openMapped(plc())
    await way.send('plc/status', 'online')
    expect(way.intake.stats()).toMatchObject({ ignored: 1, deadLetters: {} })
  })
})

describe('values that come one by one', () => {
  it('become one reading as soon as all are there, and are acknowledged with it', async () => {
    const way = openMapped(plc())
    const acknowledged: string[] = []
    const send = (tag: string, value: string) =>
      way.send(`plc/p1/${tag}`, value).then(() => acknowledged.push(tag))
    const first = [send('vib', '2'), send('temp', '55')]
    await turn()
    expect([acknowledged, way.stored()]).toEqual([[], []])
    await Promise.all([...first, send('flow', '80')])
    expect(acknowledged.sort()).toEqual(['flow', 'temp', 'vib'])
    expect(way.stored()).toEqual([['p1', 0, { vibration: 2, bearing_temperature: 55, flow: 80 }]])
  })

  it('are let go at the deadline, with what the others said last for as long as that holds', async () => {
    const way = openMapped(plc({ withinMs: 300, holdMs: 5000 }))
    const all = ['vib', 'temp', 'flow'].map((tag, i) => way.send(`plc/p1/${tag}`, String(50 + i)))
    await Promise.all(all)
    for (const [wait, value] of [
      [2000, 60],
      [4000, 61],
    ] as const) {
      way.clock.advance(wait)
      const sent = way.send('plc/p1/vib', String(value))
      way.clock.advance(299)
      await turn()
      expect(way.stored().at(-1)![2]).not.toMatchObject({ vibration: value })
      way.clock.advance(1)
      await sent
    }
    expect(way.stored().map(([, time, values]) => [time, values])).toEqual([
      [0, { vibration: 50, bearing_temperature: 51, flow: 52 }],
      [2000, { vibration: 60, bearing_temperature: 51, flow: 52 }],
      [6000, { vibration: 61 }],
    ])
  })

  it('keep the last value of a moment, and no value that was refused', async () => {
    const way = openMapped(plc())
    await Promise.all([
      way.send('plc/p1/vib', '2'),
      way.send('plc/p1/temp', '50'),
      way.send('plc/p1/flow', '80'),
    ])
    way.clock.advance(2000)
    await way.send('plc/p1/vib', '1e9')
    const sent = [way.send('plc/p1/flow', '81'), way.send('plc/p1/flow', '82')]
    way.clock.advance(500)
    await Promise.all(sent)
    expect(way.stored().at(-1)).toEqual(['p1', 2000, { bearing_temperature: 50, flow: 82 }])
    expect(await way.letters()).toMatchObject([{ reason: 'no_values' }, { reason: 'implausible' }])
  })

  it('are readings of their own where they are not collected', async () => {
    const way = openMapped(plc(false))
    await way.send('plc/p1/vib', '2')
    await way.send('plc/p2/temp', '50')
    expect(way.stored()).toEqual([
      ['p1', 0, { vibration: 2 }],
      ['p2', 0, { bearing_temperature: 50 }],
    ])
  })

  it('never wait for each other: a device that lacks a channel holds nobody up', async () => {
    const way = openMapped(plc())
    const sent = Array.from({ length: 1000 }, (_, i) => way.send(`plc/p${i}/vib`, '2'))
    way.clock.advance(500)
    await Promise.all(sent)
    expect(way.stored()).toHaveLength(1000)
  })

  it('are still known after a restart', async () => {
    const kept = new Map<string, unknown>()
    const before = openMapped(plc(), { state: memoryState(kept) })
    await Promise.all(Object.keys(tags).map((tag, i) => before.send(`plc/p1/${tag}`, String(50 + i))))
    const after = openMapped(plc(), { state: memoryState(kept), log: before.log })
    after.clock.advance(1000)
    const sent = after.send('plc/p1/vib', '3')
    after.clock.advance(500)
    await sent
    expect(after.stored().at(-1)).toEqual(['p1', 1000, { vibration: 3, bearing_temperature: 51, flow: 52 }])
  })

  it('are not acknowledged where the reading, or what was learnt from it, is not durable', async () => {
    const full = new ForewarnError('LOG_FULL', { cap: 1 })
    const log = Object.assign(Object.create(memoryLog()) as OpenLog, { append: () => Promise.reject(full) })
    const sent = openMapped(plc(), { log })
    const all = Object.keys(tags).map((tag) => sent.send(`plc/p1/${tag}`, '50'))
    expect((await Promise.allSettled(all)).map(({ status }) => status)).toEqual(Array(3).fill('rejected'))

    const failed = new ForewarnError('LOG_FAILED', { problem: 'no space' })
    const state: MappingState = { ...memoryState(), save: () => Promise.reject(failed) }
    await expect(openMapped(plc({ withinMs: 0 }), { state }).send('plc/p1/vib', '2')).rejects.toBe(failed)
  })
})
