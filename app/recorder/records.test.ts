import { describe, expect, it } from 'vitest'
import { catalogue, makeScore, makeTicket, now } from '../../alerts/http/testing/fixtures.ts'
import { ManualClock } from '../../core/clock.ts'
import type { LiveEvent, TrendRecord } from '../../core/ports.ts'
import { liveScore } from '../fleetState.ts'
import { createCatalogueHours } from './catalogueHours.ts'
import { lifeEventRecorder } from './lifeEvents.ts'
import { lossEquation } from './loss.ts'
import { modelRecords } from './models.ts'
import { recordPipeline } from './pipeline.ts'
import { recordScores } from './scores.ts'
import { type KnownState, recordStates } from './states.ts'
import { recordTickets } from './tickets.ts'

const hour = 3_600_000
const settled = () => new Promise((done) => setImmediate(done))

/** A bus that delivers at once, and what was recorded. */
function world() {
  const taken: TrendRecord[] = []
  const handlers = new Set<(event: LiveEvent) => void>()
  return {
    taken,
    sink: (records: readonly TrendRecord[]) => void taken.push(...records),
    tell: (event: LiveEvent) => {
      for (const handler of handlers) handler(event)
    },
    bus: {
      subscribe: (handler: (event: LiveEvent) => void) => {
        handlers.add(handler)
        return () => void handlers.delete(handler)
      },
    },
  }
}

const of = (records: readonly TrendRecord[], measurement: string) =>
  records.filter((record) => record.measurement === measurement)
const place = { site: 'north', device: 'pump-1', asset_type: 'pump' }

describe('recordScores', () => {
  it('records each contribution of a champion at the end of its window', () => {
    const { taken, sink, tell, bus } = world()
    recordScores(bus, createCatalogueHours(catalogue), sink)
    tell({ kind: 'scores', scores: [liveScore(makeScore()), liveScore(makeScore({ role: 'challenger' }))] })
    expect(of(taken, 'contribution')).toEqual([
      {
        measurement: 'contribution',
        tags: { ...place, channel: 'vibration' },
        fields: { share: 0.25 },
        time: now,
      },
      {
        measurement: 'contribution',
        tags: { ...place, channel: 'flow' },
        fields: { share: -0.75 },
        time: now,
      },
    ])
  })

  it('tells what the catalogue says around that time, once an hour', () => {
    const { taken, sink, tell, bus } = world()
    const stop = recordScores(bus, createCatalogueHours(catalogue), sink)
    const at = (windowEnd: number) => tell({ kind: 'scores', scores: [liveScore(makeScore({ windowEnd }))] })
    at(now + 10)
    at(now + 20)
    expect(of(taken, 'asset_type').map(({ time }) => time)).toEqual([now, now + hour])
    at(now + hour + 1)
    expect(of(taken, 'asset_type').map(({ time }) => time)).toEqual([now, now + hour, now + 2 * hour])
    stop()
    at(now + 9 * hour)
    expect(of(taken, 'asset_type')).toHaveLength(3)
  })
})

describe('createCatalogueHours', () => {
  it('gives the unit as people write it and the normal band, where there is one', () => {
    const [type, vibration, flow] = createCatalogueHours(catalogue).all(now)
    expect(type).toMatchObject({
      tags: { asset_type: 'pump' },
      fields: { label: 'Pump', usage_unit: 'h', suffix: 'suffix:h', horizon: 36, rul_cap: 96 },
    })
    expect(vibration).toMatchObject({
      tags: { asset_type: 'pump', channel: 'vibration' },
      fields: { unit: 'mm/s', suffix: 'suffix:mm/s', normal_low: 1, normal_high: 3 },
      time: now,
    })
    // what is not finite is left out of the store
    expect(flow).toMatchObject({ fields: { unit: 'm³/h', normal_low: Number.NaN, normal_high: Number.NaN } })
  })

  it('has nothing to say of an asset type that the catalogue does not know', () => {
    expect(createCatalogueHours(catalogue).at('press', now)).toEqual([])
  })
})

describe('recordStates', () => {
  const states = new Map<string, KnownState>([
    [
      'pump-1',
      {
        device: 'pump-1',
        site: 'north',
        assetType: 'pump',
        state: { state: 'scored', windowEnd: now },
        score: { suspectedMode: 'bearing_wear' },
      },
    ],
    [
      'pump-2',
      {
        device: 'pump-2',
        site: 'south',
        assetType: 'pump',
        state: { state: 'not_scored', reason: 'gap', since: now - hour },
      },
    ],
  ])

  it('records a change at its event time', async () => {
    const { taken, sink, tell, bus } = world()
    const recording = recordStates({ bus, states: () => states, sink, clock: new ManualClock(now + hour) })
    tell({ kind: 'device', device: 'pump-2', state: states.get('pump-2')!.state })
    tell({ kind: 'device', device: 'stranger', state: states.get('pump-2')!.state })
    expect(taken).toEqual([
      {
        measurement: 'device_state',
        tags: { site: 'south', device: 'pump-2', asset_type: 'pump' },
        fields: { scored: 0, reason: 'gap', mode: '-' },
        time: now - hour,
      },
    ])
    await recording.stop()
  })

  it('records all states as of now every minute, and at the end', async () => {
    const { taken, sink, bus } = world()
    const clock = new ManualClock(now)
    const recording = recordStates({ bus, states: () => states, sink, clock })
    clock.advance(60_000)
    await settled()
    expect(taken.map(({ tags, fields, time }) => [tags.device, fields.scored, fields.mode, time])).toEqual([
      ['pump-1', 1, 'bearing_wear', now + 60_000],
      ['pump-2', 0, '-', now + 60_000],
    ])
    await recording.stop()
    expect(taken).toHaveLength(4)
  })
})

describe('recordTickets', () => {
  it('records how a ticket comes and goes, in words too, but not every bit of further evidence', () => {
    const { taken, sink, tell, bus } = world()
    recordTickets(bus, sink)
    for (const change of ['opened', 'merged', 'commented'])
      tell({ kind: 'ticket', ticket: makeTicket(), change })
    const resolved = makeTicket({ state: 'resolved', verdict: 'no_fault_found', updatedAt: now + 5 })
    tell({ kind: 'ticket', ticket: resolved, change: 'resolved' })
    expect(taken).toEqual([
      {
        measurement: 'ticket_event',
        tags: { ...place, mode: 'bearing_wear', kind: 'opened' },
        fields: { ticket: 1, text: 'Ticket 1 opened: bearing wear' },
        time: now,
      },
      {
        measurement: 'ticket_event',
        tags: { ...place, mode: 'bearing_wear', kind: 'resolved' },
        fields: { ticket: 1, text: 'Ticket 1 resolved: bearing wear, no fault found' },
        time: now + 5,
      },
    ])
  })
})

describe('lifeEventRecorder', () => {
  it('records an event where its device is, with words even when it came without', () => {
    const { taken, sink } = world()
    const tell = lifeEventRecorder(
      (device) => (device === 'pump-1' ? { site: 'north', assetType: 'pump' } : undefined),
      sink,
    )
    tell({ device: 'pump-1', time: now, kind: 'planned_stop', detail: '' })
    tell({ device: 'stranger', time: now, kind: 'failed', detail: 'x' })
    expect(taken).toEqual([
      {
        measurement: 'life_event',
        tags: { ...place, kind: 'planned_stop' },
        fields: { detail: 'planned stop' },
        time: now,
      },
    ])
  })
})

describe('recordPipeline', () => {
  it('records now and every ten seconds, and leaves out a round that failed', async () => {
    const { taken, sink } = world()
    const clock = new ManualClock(now)
    const errors: unknown[] = []
    let looks = 0
    const recording = recordPipeline({
      worker: 'main',
      look: async () => {
        if (++looks === 2) throw new Error('no answer')
        return { fields: { stored: looks }, deadLetters: { not_json: 4 } }
      },
      sink,
      clock,
      onError: (error) => errors.push(error),
    })
    await settled()
    for (let i = 0; i < 2; i++) {
      clock.advance(10_000)
      await settled()
    }
    await recording.stop()
    expect(of(taken, 'pipeline').map(({ tags, fields, time }) => [tags.worker, fields.stored, time])).toEqual(
      [
        ['main', 1, now],
        ['main', 3, now + 20_000],
      ],
    )
    expect(of(taken, 'dead_letter')[0]).toEqual({
      measurement: 'dead_letter',
      tags: { worker: 'main', reason: 'not_json' },
      fields: { count: 4 },
      time: now,
    })
    expect(errors).toEqual([new Error('no answer')])
  })
})

describe('lossEquation', () => {
  const before = { deadLettered: 7, inLog: 20 }
  const even = { acknowledged: 100, stored: 90, duplicates: 5, deadLettered: 10, inLog: 22 }

  it('balances with the backlog of the start', () => {
    expect(lossEquation(before, even)).toEqual({
      acknowledged: 120,
      stored: 90,
      duplicates: 5,
      dead_lettered: 3,
      in_log: 22,
      lost: 0,
    })
  })

  it('finds readings that are nowhere, and takes none for lost that is counted twice on its way', () => {
    expect(lossEquation(before, { ...even, stored: 88 }).lost).toBe(2)
    expect(lossEquation(before, { ...even, stored: 93 }).lost).toBe(0)
  })
})

describe('the models', () => {
  const look = {
    assetType: 'pump',
    version: '0d5b09a4bf39',
    drift: {
      windows: 900,
      channels: [{ channel: 'flow', stabilityIndex: 0.3 }],
      drifting: ['flow'],
      devices: [
        { device: 'P-1', site: 'north', channel: 'flow', shift: -4 },
        { device: 'P-1', site: 'north', channel: 'vibration', shift: 3 },
      ],
      furthest: [{ device: 'P-1', site: 'north', channel: 'flow', shift: -4 }],
    },
    record: {
      assetType: 'pump',
      coverage: null,
      windows: 0,
      width: null,
      failures: 0,
      precision: [{ mode: 'cavitation', confirmed: 3, refuted: 1, precision: 0.75 }],
    },
  }

  it('are recorded with their drift and their track record', () => {
    const records = modelRecords(look, 7)
    expect(records.map((r) => [r.measurement, r.tags.channel ?? r.tags.device ?? r.tags.mode ?? ''])).toEqual(
      [
        ['model', ''],
        ['drift', 'flow'],
        ['device_shift', 'P-1'],
        ['alarm_precision', 'cavitation'],
      ],
    )
    expect(records[0]).toMatchObject({
      tags: { asset_type: 'pump' },
      fields: {
        version: '0d5b09a4bf39',
        windows: 900,
        devices_shifted: 1,
        coverage: Number.NaN,
        failures: 0,
      },
      time: 7,
    })
    expect(records[3]!.fields).toEqual({ precision: 0.75, confirmed: 3, refuted: 1 })
  })

  it('are recorded with their version alone where nothing else is known', () => {
    expect(modelRecords({ ...look, drift: undefined, record: undefined }, 7)).toEqual([
      { measurement: 'model', tags: { asset_type: 'pump' }, fields: { version: '0d5b09a4bf39' }, time: 7 },
    ])
  })
})
