import { type AssetType, type Catalogue, parseAssetType } from '../../core/catalogue.ts'
import { ManualClock } from '../../core/clock.ts'
import type { Device, LifeEvent } from '../../core/device.ts'
import { ForewarnError } from '../../core/errors.ts'
import type { DeviceAlarm, FailedPrediction, StoredScore, TicketStore } from '../../core/ports.ts'
import type { DeadLetter, ReadingBatch } from '../../core/reading.ts'
import type { Score } from '../../core/score.ts'
import { assertTransition, type Ticket, type TicketEvent } from '../../core/ticket.ts'
import { createEventBus } from '../live/eventBus.ts'
import { newAlarm } from '../policy/alarm.ts'
import { predictionOf } from '../policy/prediction.ts'
import type { DeviceState, ServerDeps, SimulatorControl } from './deps.ts'
import type { Summary } from './schemas/summary.ts'

/*
 * Small stand-ins for the parts behind the HTTP server and the policy, for tests: each keeps what it is given in an
 * array or map that the test can look at.
 */

/** When the tests happen. */
export const now = Date.UTC(2026, 0, 10)
export const minute = 60_000

/** A pump with two channels and two failure modes, ten minutes between readings. */
export const pump: AssetType = parseAssetType(
  {
    name: 'pump',
    label: 'Pump',
    window: { by: 'grid', length: 4, minimum: 2 },
    cadenceMs: 10 * minute,
    usage: { unit: 'h', perSlot: 1 / 6, perDay: 24 },
    rulCap: 96,
    horizon: 36,
    channels: [
      { name: 'vibration', label: 'Vibration', unit: 'mm/s', plausible: [0, 100], normal: [1, 3] },
      { name: 'flow', label: 'Flow', unit: 'm3/h', plausible: [0, 1000] },
    ],
    failureModes: ['bearing_wear', 'cavitation'].map((name) => ({
      name,
      label: name.replace('_', ' '),
      symptoms: { vibration: 1 },
      action: `mend the ${name}`,
      skill: 'mechanic',
      parts: ['bearing'],
      requiredLead: 12,
      costPlanned: 100,
      costFailure: 1000,
    })),
  },
  'pump.yaml',
)
export const catalogue: Catalogue = new Map([[pump.name, pump]])

/** A score of a healthy pump unless said otherwise. */
export function makeScore(changes: Partial<Score> = {}): Score {
  const windowEnd = changes.windowEnd ?? now
  return {
    device: 'pump-1',
    site: 'north',
    assetType: 'pump',
    windowEnd,
    model: 'model-a',
    role: 'champion',
    anomaly: 0.5,
    rul: { p05: 40, p10: 50, p50: 90, p90: 96, p95: 96 },
    failureProbability: 0.1,
    contributions: { vibration: 0.25, flow: -0.75 },
    suspectedMode: 'bearing_wear',
    publishedAt: Number.NaN,
    evidence: {
      window: Float32Array.from([1, 50, 2, 51, Number.NaN, 52, 4, 53]),
      rows: 4,
      channels: ['vibration', 'flow'],
      times: [3, 2, 1, 0].map((back) => windowEnd - back * pump.cadenceMs),
      sha256: 'f'.repeat(64),
      backend: 'wasm',
      simd: true,
    },
    ...changes,
  }
}

export function makeTicket(changes: Partial<Ticket> = {}): Ticket {
  const score = makeScore({ failureProbability: 0.9 })
  const decided = { mode: 'bearing_wear', raisedAt: score.windowEnd, reason: 'persistent' as const, now }
  return {
    id: 1,
    device: 'pump-1',
    site: 'north',
    assetType: 'pump',
    mode: 'bearing_wear',
    state: 'open',
    version: 1,
    openedAt: now,
    updatedAt: now,
    closedAt: null,
    scheduledFor: null,
    verdict: null,
    verdictMode: null,
    prediction: predictionOf(score, decided),
    predictions: 1,
    publishToTicketMs: 1200,
    ...changes,
  }
}

/** Tickets that follow the rules of core, in memory. `raise` is the business of the real stores' contract suite. */
export function fakeTickets(initial: readonly Ticket[]): Omit<TicketStore, 'raise'> {
  const tickets = new Map(initial.map((t) => [t.id, t]))
  const events: { id: number; event: TicketEvent }[] = []
  const get = (id: number): Ticket => {
    const found = tickets.get(id)
    if (!found) throw new ForewarnError('TICKET_UNKNOWN', { ticket: id })
    return found
  }
  return {
    get: async (id) => get(id),
    list: async ({ states, device, limit = 100 } = {}) =>
      [...tickets.values()]
        .filter((t) => (!states || states.includes(t.state)) && (!device || t.device === device))
        .sort((a, b) => b.id - a.id)
        .slice(0, limit),
    async change(id, { to, actor, version, note, ...fields }) {
      const before = get(id)
      if (version !== before.version) {
        throw new ForewarnError('TICKET_STALE', { expected: version, actual: before.version })
      }
      assertTransition(before.state, to)
      if (to === 'resolved' && !fields.verdict) throw new ForewarnError('TICKET_VERDICT_MISSING')
      const set = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
      const after = { ...before, ...set, state: to, version: version + 1 }
      tickets.set(id, after)
      events.push({ id, event: { at: now, actor, kind: to, detail: { note } } })
      return after
    },
    async comment(id, actor, note) {
      const ticket = get(id)
      events.push({ id, event: { at: now, actor, kind: 'commented', detail: { note } } })
      return ticket
    },
    history: async (id) => events.filter((e) => e.id === get(id).id).map((e) => e.event),
    countByState: async () => ({ open: tickets.size }),
  }
}

/** A batch of one device's pump readings, oldest first; a row is [time, vibration, flow]. */
export function makeBatch(
  device: string,
  rows: readonly (readonly [number, number, number])[],
): ReadingBatch {
  const column = (i: 0 | 1 | 2) => Float64Array.from(rows, (row) => row[i])
  return {
    assetType: 'pump',
    length: rows.length,
    device: rows.map(() => device),
    site: rows.map(() => 'north'),
    time: column(0),
    receivedAt: column(0),
    publishedAt: new Float64Array(rows.length).fill(Number.NaN),
    seq: new Float64Array(rows.length).fill(Number.NaN),
    channels: [column(1), column(2)],
  }
}

export const makeDevice = (device: string): Device => ({
  device,
  site: 'north',
  assetType: 'pump',
  parent: null,
  criticality: 'medium',
  firstSeen: now - 100 * minute,
})

export const makeSummary = (changes: Partial<Summary> = {}): Summary => ({
  now,
  startedAt: now - minute,
  devices: { known: 2, scored: 1, notScored: 1 },
  messages: { total: 100, perSecond: 5, clients: 2 },
  readings: {
    sent: null,
    accepted: 100,
    stored: 95,
    duplicates: 3,
    deadLettered: 4,
    inLog: 2,
    lost: null,
    valuesRejected: 7,
  },
  deadLetters: { not_json: 3, too_old: 1 },
  log: { bytes: 4096, maxBytes: 1e9, behind: { store: 2, scorer: 0 }, oldestAgeMs: 1500 },
  store: { state: 'ok', error: null },
  queue: { waiting: 1, active: 0, delayed: 0, failed: 1 },
  scoring: { scored: 42, late: 0, numTensors: 12, backend: 'wasm', simd: true, models: [] },
  tickets: { open: 1 },
  publishToTicketMs: { newest: 1200, median: null },
  health: { ready: true, checks: [{ name: 'store', ok: true, detail: 'writes' }] },
  ...changes,
})

export interface FakeWorld {
  readonly deps: ServerDeps
  readonly clock: ManualClock
  readonly lifeEvents: LifeEvent[]
  readonly logged: string[]
  readonly retried: string[]
  readonly broken: { device: string; mode: string | null }[]
}

/** Everything behind the server: pump-1 is scored, has an open ticket and an alarm; pump-2 is registered alone. */
export function fakeWorld(changes: Partial<ServerDeps> = {}): FakeWorld {
  const clock = new ManualClock(now)
  const lifeEvents: LifeEvent[] = []
  const logged: string[] = []
  const retried: string[] = []
  const broken: FakeWorld['broken'] = []
  const devices = [makeDevice('pump-1'), makeDevice('pump-2')]
  const { evidence: _evidence, publishedAt: _publishedAt, ...score } = makeScore()
  const states = new Map<string, DeviceState>([
    ['pump-1', { ...devices[0]!, state: { state: 'scored', windowEnd: now }, score }],
  ])
  const alarm: DeviceAlarm = { ...newAlarm('pump-1'), recent: [false, true, true], judgedUntil: now }
  const ticket = makeTicket()
  const failed: FailedPrediction[] = [
    { id: 'job-1', prediction: ticket.prediction, attempts: 5, error: 'no table' },
  ]
  const letters: DeadLetter[] = [
    {
      id: 'd1',
      at: now,
      reason: 'not_json',
      detail: 'Unexpected token',
      topic: 'forewarn/north/pump/pump-1/telemetry',
      payload: new TextEncoder().encode('<b>not json</b>'),
      readings: 1,
    },
  ]
  const rows = [0, 1, 2].map(
    (i) => [now + (i - 2) * pump.cadenceMs, 1 + i, i === 2 ? Number.NaN : 50] as const,
  )
  const log = (_details: object, message: string) => void logged.push(message)

  const deps: ServerDeps = {
    catalogue,
    tickets: { ...fakeTickets([ticket]), raise: async () => Promise.reject(new Error('not here')) },
    register: {
      seen: async () => {},
      list: async () => devices,
      async get(device) {
        const found = devices.find((d) => d.device === device)
        if (!found) throw new ForewarnError('DEVICE_UNKNOWN', { device })
        return found
      },
      addEvent: async () => {},
      events: async (device) => lifeEvents.filter((e) => e.device === device),
    },
    telemetry: {
      window: async (_type, device, until, count) => {
        const known = device === 'pump-1' ? rows.filter(([time]) => time <= until).slice(-count) : []
        return makeBatch(device, known)
      },
      trend: async (_type, _device, _channel, from, to, bucketMs) =>
        [from, to - 1].map((time) => ({
          time: Math.floor(time / bucketMs) * bucketMs,
          count: 1,
          min: 1,
          max: 3,
          mean: 2,
        })),
    },
    scores: {
      scores: async (_type, device, from, to) =>
        (['champion', 'challenger'] as const)
          .map((role): StoredScore => ({ ...score, device, role }))
          .filter((s) => s.windowEnd >= from && s.windowEnd < to),
    },
    queue: { failed: async () => failed, retry: async (id) => void retried.push(id) },
    deadLetters: {
      list: async ({ reason } = {}) => letters.filter((l) => !reason || l.reason === reason),
      counts: async () => ({ byReason: { not_json: 1 }, readings: 1 }),
    },
    bus: createEventBus(),
    clock,
    states: () => states,
    alarm: (device) => (device === alarm.device ? alarm : undefined),
    lifeEvent: async (event) => void lifeEvents.push(event),
    summary: async () => makeSummary(),
    health: async () => ({ ready: true, checks: [{ name: 'store', ok: true, detail: 'writes' }] }),
    policy: { raiseAt: 0.5, clearBelow: 0.25, k: 3, n: 4 },
    http: { host: '127.0.0.1', port: 0, allowedHosts: ['forewarn.plant'] },
    logger: { info: log, warn: log, error: log },
    simulator: fakeSimulator(broken),
    version: '1.2.3',
    ...changes,
  }
  return { deps, clock, lifeEvents, logged, retried, broken }
}

function fakeSimulator(broken: FakeWorld['broken']): SimulatorControl {
  const known = (device: string) => {
    if (device !== 'pump-1') throw new ForewarnError('DEVICE_UNKNOWN', { device })
  }
  return {
    state: () => ({
      assetType: 'pump',
      hoursPerSecond: 6,
      modes: [{ name: 'cavitation', label: 'Cavitation' }],
      pumps: [{ device: 'pump-1', state: 'running', mode: null, since: now, cost: 0 }],
      totalCost: 0,
    }),
    break(device, mode) {
      known(device)
      broken.push({ device, mode })
    },
    repair(device) {
      known(device)
      broken.push({ device, mode: null })
    },
  }
}
