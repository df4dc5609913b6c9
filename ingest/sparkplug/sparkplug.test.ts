import { beforeEach, describe, expect, it } from 'vitest'
import { encodeSparkplug, type SentMetric, type SentPayload } from '../../test/support/sparkplug.ts'
import { memoryState } from '../mapping/state.ts'
import { type MappedWayIn, mapperOf, now, openMapped } from '../mapping/testing.ts'
import { decodeSparkplug } from './payload.ts'

const mapping = {
  sparkplug: {
    rules: [
      {
        path: 'Plant1/{edge}/{device}',
        site: 'north',
        assetType: 'pump',
        device: '{edge}-{device|slug}',
        metrics: {
          'Motor/Vibration': { channel: 'vibration', unit: 'in/s' },
          'Motor/Temp': { channel: 'bearing_temperature' },
          Flow: { channel: 'flow' },
        },
      },
    ],
  },
}

const vib = { name: 'Motor/Vibration', alias: 1, type: 'Double' } as const
const temp = { name: 'Motor/Temp', alias: 2, type: 'Int32' } as const
const other = { name: 'Make', alias: 3, type: 'String', value: 'ACME' } as const
const birthMetrics: SentMetric[] = [{ ...vib, value: 0.1 }, { ...temp, value: 50 }, other]

let way: MappedWayIn
let kept: Map<string, unknown>
beforeEach(() => {
  kept = new Map()
  way = openMapped(mapping, { state: memoryState(kept) })
})

const send = (type: string, names: string, payload: SentPayload, time = 0) =>
  way.send(`spBv1.0/Plant1/${type}/${names}`, encodeSparkplug({ timestamp: now + time, ...payload }))
const nodeBirth = (bdSeq = 0, time = 0, seq = 0) =>
  send('NBIRTH', 'E1', { seq, metrics: [{ name: 'bdSeq', type: 'Int64', value: bdSeq }] }, time)
const birth = (time = 0, metrics = birthMetrics, seq = 1) =>
  send('DBIRTH', 'E1/Pump 1', { seq, metrics }, time)
const data = (seq: number, time: number, metrics: SentMetric[]) =>
  send('DDATA', 'E1/Pump 1', { seq, metrics }, time)
const born = async () => {
  await nodeBirth()
  await birth()
}
const restart = () => {
  way = openMapped(mapping, { state: memoryState(kept), log: way.log })
}
const details = async () =>
  (await way.letters()).map(({ reason, detail, readings }) => `${reason} ${readings} ${detail}`)
const values = () => way.stored().map(([, time, channels]) => [time, channels])
const at = (vibration: number, bearing_temperature: number) => ({
  vibration: expect.closeTo(vibration),
  bearing_temperature,
})

describe('Sparkplug B', () => {
  it('subscribes to what edge nodes and devices of the groups say', () =>
    expect(mapperOf(mapping).topics()).toEqual(
      ['NBIRTH/+', 'NDATA/+', 'NDEATH/+', 'DBIRTH/+/+', 'DDATA/+/+', 'DDEATH/+/+'].map(
        (rest) => `spBv1.0/Plant1/${rest}`,
      ),
    ))

  it('resolves aliases by the birth, converts units, and holds what did not change', async () => {
    await born()
    await data(2, 1000, [{ alias: 2, value: 51, type: 'Int32' }])
    await data(3, 2000, [{ alias: 1, value: 0.2 }])
    expect(way.stored()[0]![0]).toBe('E1-Pump-1')
    expect(values()).toEqual([
      [0, at(2.54, 50)],
      [1000, at(2.54, 51)],
      [2000, at(5.08, 51)],
    ])
    expect([await details(), way.published]).toEqual([[], []])
  })

  it('makes one reading of the metrics of one time, whatever order they come in', async () => {
    await born()
    const metric = (alias: number, value: number, time: number) => ({ alias, value, timestamp: now + time })
    await data(2, 5000, [
      metric(1, 0.3, 3000),
      metric(2, 53, 2000),
      metric(2, 54, 3000),
      { alias: 1, value: 0.4 },
    ])
    expect(values().slice(1)).toEqual([
      [2000, at(2.54, 53)],
      [3000, at(7.62, 54)],
      [5000, at(10.16, 54)],
    ])
  })

  it('asks for a rebirth when data come before the birth, once, and goes on with it', async () => {
    await data(7, 0, [{ alias: 1, value: 0.2 }])
    await data(8, 1, [{ alias: 1, value: 0.2 }])
    expect(await details()).toEqual(Array(2).fill('bad_sparkplug 1 E1 has sent no NBIRTH'))
    expect(way.published.map(({ topic }) => topic)).toEqual(['spBv1.0/Plant1/NCMD/E1'])
    const [command] = decodeSparkplug(way.published[0]!.payload).metrics
    expect([command!.name, command!.read(command!.datatype)]).toEqual(['Node Control/Rebirth', 1])
    await born()
    await data(2, 1000, [{ alias: 1, value: 0.2 }])
    expect(values()).toHaveLength(2)
    expect(way.intake.stats().rebirthRequests).toBe(1)
  })

  it('asks again after a while', async () => {
    await data(7, 0, [])
    way.clock.advance(10_000)
    await data(8, 10_000, [])
    expect(way.published).toHaveLength(2)
  })

  it('wants a device’s birth as well as its node’s', async () => {
    await nodeBirth()
    await data(1, 0, [{ alias: 1, value: 0.2 }])
    expect(await details()).toEqual(['bad_sparkplug 1 Pump 1 has sent no DBIRTH'])
    expect(way.published).toHaveLength(1)
  })

  it('asks for a rebirth after a gap of the sequence; until then an alias may mean another metric, a name does not', async () => {
    await born()
    await data(4, 1000, [{ alias: 2, value: 51 }])
    expect(way.published).toHaveLength(1)
    await data(5, 2000, [{ name: 'Motor/Temp', value: 52 }])
    expect(values()).toEqual([
      [0, at(2.54, 50)],
      [2000, at(2.54, 52)],
    ])
    const doubt = 'bad_sparkplug 1 alias 2 came behind a gap: there may be a birth that was not heard'
    expect(await details()).toEqual([doubt])
    await born()
    await data(2, 3000, [{ alias: 2, value: 53 }])
    expect(values().at(-1)).toEqual([3000, at(2.54, 53)])
    expect(await details()).toEqual([doubt])
  })

  it('counts the sequence around, over all messages of a node', async () => {
    await nodeBirth(0, 0, 254)
    await birth(0, birthMetrics, 255)
    await data(0, 1000, [{ alias: 2, value: 51 }])
    await send('NDATA', 'E1', { seq: 1, metrics: [] }, 1000)
    await send('DBIRTH', 'E1/Other', { seq: 2, metrics: [] }, 1000)
    await data(3, 2000, [{ alias: 2, value: 52 }])
    expect(way.published).toEqual([])
  })

  it('takes messages that come again for what they are: the same readings, no gap', async () => {
    await born()
    const again = async () => {
      await data(2, 1000, [{ alias: 2, value: 51 }])
      await data(3, 2000, [{ alias: 1, value: 0.2 }])
      await data(4, 3000, [{ alias: 2, value: 53 }])
    }
    await again()
    const first = values()
    await again()
    expect(values().slice(4)).toEqual(first.slice(1))
    expect(way.published).toEqual([])
  })

  it('understands an alias by the newest birth only', async () => {
    await born()
    const reused = [
      { ...temp, alias: 1, value: 60 },
      { ...vib, alias: 9, value: 0.5 },
    ]
    await nodeBirth(1, 5000)
    await birth(5000, reused)
    await data(2, 6000, [{ alias: 1, value: 61 }])
    await data(3, 7000, [{ alias: 2, value: 99 }])
    await data(4, 4000, [{ alias: 1, value: 0.7 }])
    expect(values().slice(1)).toEqual([
      [5000, at(12.7, 60)],
      [6000, at(12.7, 61)],
    ])
    expect((await details()).sort()).toEqual([
      'bad_sparkplug 1 alias 1 was sent before the birth',
      'bad_sparkplug 1 the birth has no alias 2',
    ])
  })

  it('names an unknown metric, and keeps the known ones beside it', async () => {
    await born()
    await data(2, 1000, [
      { name: 'Motor/Colour', type: 'Int32', value: 3 },
      { alias: 2, value: 51 },
    ])
    expect(values().slice(1)).toEqual([[1000, at(2.54, 51)]])
    expect(await details()).toEqual(['bad_sparkplug 0 the birth has no metric Motor/Colour'])
    expect(way.published).toHaveLength(1)
  })

  it('forgets everything at a death of this session, and nothing at one of another', async () => {
    await nodeBirth(4)
    await birth()
    const death = (bdSeq: number) =>
      send('NDEATH', 'E1', { metrics: [{ name: 'bdSeq', type: 'Int64', value: bdSeq }] }, 500)
    await death(3)
    await data(2, 1000, [{ alias: 2, value: 51 }])
    expect([values().length, way.statuses]).toEqual([2, ['E1-Pump-1 {"online":true}']])
    await death(4)
    expect(way.statuses.at(-1)).toBe('E1-Pump-1 {"online":false}')
    await data(3, 2000, [{ alias: 2, value: 52 }])
    expect([values().length, await details()]).toEqual([2, ['bad_sparkplug 1 E1 has sent no NBIRTH']])
    expect([...kept.keys()]).toEqual([])
  })

  it('forgets a device at its death, and holds nothing over it', async () => {
    await born()
    await send('DDEATH', 'E1/Pump 1', { seq: 2 }, 500)
    await data(3, 1000, [{ alias: 2, value: 51 }])
    expect(values()).toHaveLength(1)
    await birth(2000, [{ ...temp, value: 52 }], 4)
    expect(values().at(-1)).toEqual([2000, { bearing_temperature: 52 }])
    expect(way.statuses).toEqual(['true', 'false', 'true'].map((online) => `E1-Pump-1 {"online":${online}}`))
  })

  it('goes on after a restart with births, sequence and held values', async () => {
    await born()
    await data(2, 1000, [{ alias: 2, value: 51 }])
    restart()
    await data(3, 2000, [{ alias: 1, value: 0.2 }])
    expect(values().at(-1)).toEqual([2000, at(5.08, 51)])
    expect(way.published).toEqual([])
    restart()
    await data(9, 3000, [{ alias: 1, value: 0.3 }])
    expect(way.published).toHaveLength(1)
  })

  it('lets a value from before stand alone, and keeps no transient one', async () => {
    await born()
    await data(2, 9000, [
      { alias: 2, value: 40, timestamp: now - 5000, isHistorical: true },
      { alias: 1, value: 0.9, isTransient: true },
    ])
    await data(3, 10_000, [{ alias: 1, value: 0.2 }])
    expect(values().slice(1)).toEqual([
      [-5000, { bearing_temperature: 40 }],
      [10_000, at(5.08, 50)],
    ])
  })

  it('holds no value that became unknown, bad or implausible', async () => {
    await born()
    await data(2, 1000, [{ alias: 1, value: null }])
    await data(3, 2000, [{ alias: 2, value: 52 }])
    expect(values().slice(1)).toEqual([[2000, { bearing_temperature: 52 }]])
    await data(4, 3000, [{ alias: 1, value: 0.2 }])
    await data(5, 4000, [{ alias: 1, value: 0.3, quality: 0 }])
    await data(6, 5000, [{ alias: 2, value: 100_000 }])
    await data(7, 6000, [{ alias: 1, value: 0.4 }])
    expect(values().slice(2)).toEqual([
      [3000, at(5.08, 52)],
      [6000, { vibration: expect.closeTo(10.16) }],
    ])
    expect((await way.letters()).map(({ reason }) => reason).sort()).toEqual(['implausible', 'no_values'])
  })

  it('ignores commands, host states and devices that the file does not want', async () => {
    await way.send('spBv1.0/STATE/scada', { online: true, timestamp: now })
    await way.send('spBv1.0/Plant1/NCMD/E1', 'x')
    await way.send('spBv1.0/Plant1/DCMD/E1/Pump 1', 'x')
    expect(way.intake.stats()).toMatchObject({ ignored: 3, deadLetters: {} })
  })

  it.each([
    ['spBv1.0/Plant1/DDATA/E1/Pump 1', 'hello', 'bad_sparkplug'],
    ['spBv1.0/Plant1/DDATA/E1', '', 'bad_sparkplug'],
    ['spBv1.0/Plant1/XDATA/E1', '', 'bad_sparkplug'],
    ['spBv1.0/Plant1/NDATA/E1/Pump 1', '', 'bad_sparkplug'],
    ['spBv1.0', '', 'unmapped'],
    ['spBv1.0/Plant2/NDATA/E1', '', 'unmapped'],
  ])('answers %s with %j by %3$s', async (topic, payload, reason) => {
    await way.send(topic, payload)
    expect((await way.letters()).map((letter) => letter.reason)).toEqual([reason])
  })
})
