import { describe, expect, it } from 'vitest'
import type { MappedMessage } from './mapped.ts'
import { mapperOf, now } from './testing.ts'

const values = { vibration: { at: '/v' } }
const rule = (over: Record<string, unknown>) => ({
  topic: 'plant/{site}/{device}/state',
  site: '{site}',
  assetType: 'pump',
  device: '{device}',
  time: { at: '/t', format: 'ms' },
  values,
  ...over,
})
const single = (over: Record<string, unknown> = {}) =>
  rule({
    topic: 'plc/{device}/{tag}',
    site: 'north',
    payload: 'number',
    values: undefined,
    channel: '{tag}',
    channels: { vib: { channel: 'vibration' } },
    time: 'broker',
    ...over,
  })
const mapped = (mapping: unknown, topic: string, payload: unknown) =>
  mapperOf(mapping).map(
    topic,
    Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload)),
    now,
  )
const readings = (mapping: unknown, topic: string, payload: unknown) =>
  (mapped(mapping, topic, payload) as MappedMessage).groups.map(({ place, items }) => [place, items])
const refusals = (mapping: unknown, topic: string, payload: unknown) =>
  (mapped(mapping, topic, payload) as MappedMessage).rejections

describe('a mapping file that is not valid', () => {
  it.each<[string, unknown, string, RegExp]>([
    ['without rules', {}, '(root)', /neither rules nor sparkplug/],
    ['that is a list', [1], '(root)', /object/],
    ['with an unknown key', { rules: [rule({ topics: 'x' })] }, 'rules.0', /topics/],
    [
      'with a topic of the contract',
      { rules: [rule({ topic: 'forewarn/{site}/{device}' })] },
      'rules.0.topic',
      /contract/,
    ],
    [
      'with a topic of the broker',
      { rules: [rule({ topic: '$SYS/{site}/{device}' })] },
      'rules.0.topic',
      /broker/,
    ],
    [
      'with an unknown placeholder',
      { rules: [rule({ device: '{line}' })] },
      'rules.0.device',
      /there are site, device/,
    ],
    ['with a name that cannot be one', { rules: [rule({ site: 'Hall 1' })] }, 'rules.0.site', /no name/],
    [
      'with an unknown asset type',
      { rules: [rule({ assetType: 'toaster' })] },
      'rules.0.assetType',
      /toaster/,
    ],
    [
      'with an unknown asset type in a table',
      { rules: [rule({ assetType: { lookup: '{device}', in: { a: 'pump', b: 'toaster' } } })] },
      'rules.0.assetType',
      /toaster/,
    ],
    [
      'with an unknown channel',
      { rules: [rule({ values: { colour: { at: '/c' } } })] },
      'rules.0.values.colour',
      /no channel colour/,
    ],
    [
      'with a pointer that is none',
      { rules: [rule({ values: { flow: { at: 'c' } } })] },
      'rules.0.values.flow.at',
      /JSON pointer/,
    ],
    [
      'with an unknown unit',
      { rules: [rule({ values: { flow: { at: '/c', unit: 'cups' } } })] },
      'rules.0.values.flow',
      /cups is not known/,
    ],
    [
      'with a unit of another kind',
      { rules: [rule({ values: { flow: { at: '/c', unit: 'bar' } } })] },
      'rules.0.values.flow',
      /pressure/,
    ],
    ['with values and a channel', { rules: [rule({ channel: '{device}' })] }, 'rules.0', /either values/],
    ['with a number and a time in it', { rules: [single({ time: { at: '/t' } })] }, 'rules.0.time', /broker/],
    [
      'with a channel and no channels',
      { rules: [single({ channels: undefined })] },
      'rules.0.channels',
      /names/,
    ],
    [
      'that collects for too long',
      { rules: [single({ collect: { withinMs: 5000 } })] },
      'rules.0.collect.withinMs',
      /./,
    ],
    ['with a bad topic to ignore', { rules: [rule({})], ignore: ['a/#/b'] }, 'ignore.0', /\+ stands/],
    [
      'with a Sparkplug path that is none',
      {
        sparkplug: { rules: [{ path: 'a/{b...}', site: 's', assetType: 'pump', device: 'd', metrics: {} }] },
      },
      'sparkplug.rules.0.path',
      /each level/,
    ],
  ])('%s', (_name, mapping, path, problem) => {
    let thrown: unknown
    try {
      mapperOf(mapping)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toMatchObject({ code: 'MAPPING_INVALID', details: { file: 'mapping.yaml', path } })
    expect((thrown as { details: { problem: string } }).details.problem).toMatch(problem)
  })
})

describe('a rule for JSON', () => {
  it('takes place and time from topic and payload, converts units, and leaves out what is missing or null', () => {
    const mapping = {
      rules: [
        rule({
          topic: 'plant/{line}/+',
          site: 'north',
          device: '{line}-{/meta/machine|slug}',
          time: { at: '/meta/at', format: 's' },
          values: {
            vibration: { at: '/m/vib', unit: 'in/s' },
            bearing_temperature: { at: '/m/temp', unit: 'degF' },
            flow: { at: '/m/flow', scale: 0.1, offset: 2, unit: 'l/min' },
            speed: { at: '/m/rpm' },
            motor_current: { at: '/m/amps' },
          },
        }),
      ],
    }
    const payload = {
      meta: { machine: 'Pump 7', at: 1_768_478_400.5 },
      m: { vib: '0.1', temp: 122, flow: 100, rpm: null },
    }
    const [[place, items]] = readings(mapping, 'plant/l1/x', payload) as [[unknown, unknown]]
    expect(place).toEqual({ site: 'north', assetType: 'pump', device: 'l1-Pump-7' })
    expect(items).toEqual([
      {
        time: 1_768_478_400_500,
        values: {
          vibration: expect.closeTo(2.54),
          bearing_temperature: expect.closeTo(50),
          flow: expect.closeTo(0.72),
        },
      },
    ])
  })

  it('takes the readings of an array one by one, and leaves the bad ones out', () => {
    const mapping = { rules: [rule({ each: '/rows', device: '{/d}' })] }
    const rows = [
      { d: 'a', t: 1, v: 1 },
      { d: 'b', t: 1, v: 2 },
      { d: 'a', t: 2, v: 3 },
      { d: 'a', v: 4 },
      { d: 'a b', t: 1, v: 5 },
      { t: 9, v: 6 },
      7,
    ]
    const found = readings(mapping, 'plant/s/x/state', { rows }).map(([place, items]) => [
      (place as { device: string }).device,
      (items as unknown[]).length,
    ])
    expect(found).toEqual([
      ['a', 2],
      ['b', 1],
    ])
    expect(refusals(mapping, 'plant/s/x/state', { rows })).toEqual([
      {
        reason: 'bad_mapping',
        detail: 'rule plant/{site}/{device}/state: the time at /t is missing, expected ms, and 3 more',
        readings: 4,
      },
    ])
  })

  it.each<[unknown, string, RegExp]>([
    ['{"t": 1', 'not_json', /JSON/],
    ['', 'empty_payload', /no bytes/],
    [{ t: 1 }, 'bad_mapping', /nothing at \/v/],
    [{ t: 'noon', v: 1 }, 'bad_mapping', /the time at \/t is text "noon", expected ms/],
    [[], 'bad_mapping', /nothing at \/v/],
  ])('names what is wrong with %j', (payload, reason, detail) =>
    expect(refusals({ rules: [rule({})] }, 'plant/s/d/state', payload)).toMatchObject([
      { reason, detail: expect.stringMatching(detail), readings: 1 },
    ]),
  )

  it('hands on what is no number, for the catalogue to name', () => {
    const [[, items]] = readings({ rules: [rule({})] }, 'plant/s/d/state', { t: 1, v: 'high' }) as [
      [unknown, unknown],
    ]
    expect(items).toEqual([{ time: 1, values: { vibration: 'high' } }])
  })

  it('refuses a name that cannot be one, and says how to mend it', () => {
    const [refusal] = refusals({ rules: [rule({})] }, 'plant/Hall 1/d/state', { t: 1, v: 1 })
    expect(refusal!.detail).toMatch(/"Hall 1" is no name .*\|slug/)
  })
})

describe('tables', () => {
  const byTable = (table: object) => rule({ assetType: { lookup: '{device}', ...table } })
  const turbo = { topic: 'plant/{site}/{device}/state', values: { t24: { at: '/v' } } }
  const mapping = {
    rules: [byTable({ in: { p1: 'pump' } }), { ...byTable({ in: { e1: 'turbofan' } }), ...turbo }],
  }

  it('leave what they do not list to the next rule', () => {
    const types = ['p1', 'e1'].map(
      (device) => readings(mapping, `plant/s/${device}/state`, { t: 1, v: 1 })[0]![0],
    )
    expect(types).toMatchObject([{ assetType: 'pump' }, { assetType: 'turbofan' }])
    expect(mapped(mapping, 'plant/s/x1/state', { t: 1, v: 1 })).toEqual({ kind: 'unmapped' })
  })

  it('stand for everything else where they say so', () => {
    const open = { rules: [byTable({ in: {}, otherwise: 'pump' })] }
    expect(readings(open, 'plant/s/x1/state', { t: 1, v: 1 })).toHaveLength(1)
  })

  it('need no entry where the topic names the asset type: its units are looked up as it comes', () => {
    const free = { rules: [rule({ topic: 'x/{type}/{device}', site: 's', assetType: '{type}' })] }
    expect(readings(free, 'x/pump/p1', { t: 1, v: 1 })).toHaveLength(1)
    expect(refusals(free, 'x/toaster/p1', { t: 1, v: 1 })).toMatchObject([{ reason: 'unknown_asset_type' }])
    expect(refusals(free, 'x/turbofan/p1', { t: 1, v: 1 })).toMatchObject([
      { reason: 'bad_mapping', detail: expect.stringContaining('turbofan has no channel vibration') },
    ])
  })
})

describe('values that come one by one', () => {
  const opc = {
    rules: [
      rule({
        topic: 'opcua/{site}',
        each: '/values',
        split: { of: '{/node}', as: 'ns=2;s={machine}.{tag}' },
        device: '{machine}',
        values: undefined,
        channel: '{tag}',
        value: '/value',
        time: { at: '/ts' },
        channels: { Vib: { channel: 'vibration' }, T: { channel: 'bearing_temperature' } },
      }),
    ],
  }
  const at = '2026-01-15T12:00:00Z'

  it('come together by device and time, and what is not listed is named', () => {
    const nodes = ['P1.Vib', 'P1.T', 'P2.T', 'P1.Colour', 'junk']
    const payload = { values: nodes.map((node, i) => ({ node: `ns=2;s=${node}`, value: i, ts: at })) }
    expect(readings(opc, 'opcua/north', payload)).toEqual([
      [
        { site: 'north', assetType: 'pump', device: 'P1' },
        [{ time: now, values: { vibration: 0, bearing_temperature: 1 } }],
      ],
      [
        { site: 'north', assetType: 'pump', device: 'P2' },
        [{ time: now, values: { bearing_temperature: 2 } }],
      ],
    ])
    expect(refusals(opc, 'opcua/north', payload)).toMatchObject([
      {
        reason: 'bad_mapping',
        detail: expect.stringMatching(/Colour is not among .*, and 1 more/),
        readings: 0,
      },
    ])
  })

  it('are counted and nothing more where others are to be ignored', () => {
    const mapping = { rules: [{ ...opc.rules[0], others: 'ignore' }] }
    const payload = { values: [{ node: 'ns=2;s=P1.Colour', value: 1, ts: at }] }
    expect(mapped(mapping, 'opcua/north', payload)).toMatchObject({ ignored: 1, rejections: [], groups: [] })
  })

  it('are numbers in text or JSON, dated by the broker', () => {
    for (const payload of ['1.42', ' 1.42\n', '+142e-2'])
      expect(readings({ rules: [single()] }, 'plc/p1/vib', payload)).toMatchObject([
        [{ device: 'p1' }, [{ time: now, values: { vibration: 1.42 } }]],
      ])
    expect(readings({ rules: [single()] }, 'plc/p1/vib', '0x10')).toMatchObject([
      [{}, [{ values: { vibration: '0x10' } }]],
    ])
    const json = single({ payload: 'json', value: '/value' })
    expect(readings({ rules: [json] }, 'plc/p1/vib', { value: 2 })).toMatchObject([
      [{}, [{ values: { vibration: 2 } }]],
    ])
  })
})

describe('topics', () => {
  const mapping = {
    rules: [rule({}), single(), single({ topic: 'a/{device}/{tag}/#' })],
    ignore: ['plc/bridge/#', 'x/+'],
  }

  it('are subscribed by filters', () =>
    expect(mapperOf(mapping).topics()).toEqual(['plant/+/+/state', 'plc/+/+', 'a/+/+/#']))

  it('are ignored where the file says so, after the rules', () => {
    expect(mapped(mapping, 'x/1', '')).toEqual({ kind: 'ignored' })
    expect(mapped(mapping, 'plc/bridge/state/deep', '')).toEqual({ kind: 'ignored' })
    expect(mapped(mapping, 'y/1', '')).toEqual({ kind: 'unmapped' })
  })

  it('are Sparkplug’s only with its section', () =>
    expect(mapped(mapping, 'spBv1.0/g/NDATA/e', '')).toEqual({ kind: 'unmapped' }))
})
