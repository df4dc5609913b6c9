import { beforeEach, describe, expect, it } from 'vitest'
import type { LifeEvent } from '../../core/device.ts'
import type { LiveEvent, StoredScore } from '../../core/ports.ts'
import type { Ticket } from '../../core/ticket.ts'
import { createMemoryStore } from '../../ingest/stores/memory.ts'
import { press } from '../../test/properties/tinyAsset.ts'
import { trackRecordOf } from './trackRecord.ts'
import { createTrackRecords } from './trackRecords.ts'

const minute = press.cadenceMs
let events: LifeEvent[]
let tickets: Ticket[]
let store: ReturnType<typeof createMemoryStore>

const parts = () => ({
  scores: store,
  register: {
    list: async () =>
      ['p-1', 'p-2'].map((device) => ({
        device,
        site: 'hall',
        assetType: press.name,
        parent: null,
        criticality: 'medium' as const,
        firstSeen: 0,
      })),
    events: async (device: string) => events.filter((e) => e.device === device),
  },
  tickets: {
    list: async ({ device }: { device?: string | undefined } = {}) =>
      tickets.filter((t) => device === undefined || t.device === device),
  },
})

const scored = (device: string, minutes: number, low: number, high: number): StoredScore => ({
  device,
  site: 'hall',
  assetType: press.name,
  windowEnd: minutes * minute,
  model: 'old',
  role: 'champion',
  anomaly: 1,
  rul: { p05: low, p10: low, p50: low, p90: high, p95: high },
  failureProbability: 0,
})

const failed = (device: string, minutes: number): LifeEvent => ({
  device,
  time: minutes * minute,
  kind: 'failed',
  detail: '',
})

const judged = (mode: string, verdict: Ticket['verdict']) =>
  ({ assetType: press.name, mode, verdict }) as Ticket

beforeEach(() => {
  store = createMemoryStore(new Map([[press.name, press]]))
  events = []
  tickets = []
})

describe('the track record', () => {
  it('counts which remaining lives lay within their interval, below the cap alone', async () => {
    await store.writeScores([
      scored('p-1', 100, 50, 60), // 100 minutes were left: beyond the cap of 60, not counted
      scored('p-1', 150, 40, 60), // 50 were left: inside
      scored('p-1', 180, 30, 40), // 20 were left: outside
      scored('p-1', 200, 0, 10), // the moment of the failure: inside
      scored('p-1', 210, 0, 10), // after it: another life
      { ...scored('p-1', 190, 0, 100), role: 'challenger', model: 'new' },
      scored('p-2', 150, 0, 1), // has not failed
    ])
    events = [failed('p-1', 200)]
    expect(await trackRecordOf(press, parts())).toEqual({
      assetType: press.name,
      coverage: 2 / 3,
      windows: 3,
      width: (20 + 10 + 10) / 3,
      failures: 1,
      precision: [],
    })
  })

  it('knows nothing before the first failure', async () => {
    await store.writeScores([scored('p-1', 100, 0, 60)])
    expect(await trackRecordOf(press, parts())).toMatchObject({
      coverage: null,
      width: null,
      windows: 0,
      failures: 0,
    })
  })

  it('counts verdicts by suspected mode; what nobody looked at says nothing', async () => {
    tickets = [
      judged('worn_die', 'confirmed'),
      judged('worn_die', 'confirmed'),
      judged('worn_die', 'false_alarm'),
      judged('worn_die', 'not_inspected'),
      judged('worn_die', null),
      judged('unknown', 'no_fault_found'),
      { ...judged('worn_die', 'confirmed'), assetType: 'fan' },
    ]
    expect((await trackRecordOf(press, parts())).precision).toEqual([
      { mode: 'unknown', confirmed: 0, refuted: 1, precision: 0 },
      { mode: 'worn_die', confirmed: 2, refuted: 1, precision: 2 / 3 },
    ])
  })

  it('is kept until something comes true', async () => {
    let elapsed = 0
    let hear: (event: LifeEvent) => void = () => {}
    let told: (event: LiveEvent) => void = () => {}
    const records = createTrackRecords({
      ...parts(),
      catalogue: new Map([[press.name, press]]),
      clock: { elapsed: () => elapsed },
      bus: {
        subscribe(handler) {
          told = handler
          return () => {}
        },
      },
      onLifeEvent(handler) {
        hear = handler
      },
    })
    const first = await records.of(press.name)
    tickets = [judged('worn_die', 'confirmed')]
    expect(await records.of(press.name)).toBe(first)
    told({ kind: 'ticket', ticket: tickets[0]!, change: 'resolved' })
    const second = await records.of(press.name)
    expect(second!.precision).toHaveLength(1)
    hear(failed('p-1', 1))
    expect(await records.of(press.name)).not.toBe(second)
    const third = await records.of(press.name)
    elapsed = 3_600_000
    expect(await records.of(press.name)).not.toBe(third)
    expect(await records.of('unheard')).toBeUndefined()
  })
})
