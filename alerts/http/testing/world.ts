import { ManualClock } from '../../../core/clock.ts'
import { parseConfig } from '../../../core/config.ts'
import type { DeviceEdit, LifeEvent } from '../../../core/device.ts'
import { ForewarnError } from '../../../core/errors.ts'
import type { MaintenanceWindow } from '../../../core/maintenance.ts'
import type {
  DeviceAlarm,
  FailedPrediction,
  Maintenance,
  StoredScore,
  TicketStore,
} from '../../../core/ports.ts'
import type { DeadLetter } from '../../../core/reading.ts'
import { assertTransition, type Ticket, type TicketEvent } from '../../../core/ticket.ts'
import { createEventBus } from '../../live/eventBus.ts'
import { newAlarm } from '../../policy/alarm.ts'
import type { DeviceState, ServerDeps, SimulatorControl } from '../deps.ts'
import {
  catalogue,
  makeBatch,
  makeDevice,
  makeScore,
  makeSummary,
  makeTicket,
  now,
  pump,
} from './fixtures.ts'
import { fakeModels } from './models.ts'

/*
 * Small stand-ins for the parts behind the HTTP server: each keeps what it is given in an array or map that the test
 * can look at.
 */

/** Tickets that follow the rules of core, in memory. `raise` is the business of the real stores' contract suite. */
export function fakeTickets(initial: readonly Ticket[]): TicketStore {
  const tickets = new Map(initial.map((t) => [t.id, t]))
  const events: { id: number; event: TicketEvent }[] = []
  const get = (id: number): Ticket => {
    const found = tickets.get(id)
    if (!found) throw new ForewarnError('TICKET_UNKNOWN', { ticket: id })
    return found
  }
  return {
    raise: async () => Promise.reject(new Error('these tickets are raised by nobody')),
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
  const edits: DeviceEdit[] = []
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
    tickets: fakeTickets([ticket]),
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
      edit: async (device, wish, { actor, at }) => {
        const known = devices.findIndex((d) => d.device === device)
        if (known < 0) throw new ForewarnError('DEVICE_UNKNOWN', { device })
        const { parent = devices[known]!.parent, criticality = devices[known]!.criticality } = wish
        if (parent === device)
          throw new ForewarnError('DEVICE_PARENT_INVALID', {
            device,
            parent,
            problem: 'nothing hangs on itself',
          })
        edits.push({ device, at, actor, field: 'parent', before: devices[known]!.parent, after: parent })
        devices[known] = { ...devices[known]!, parent, criticality }
        return devices[known]
      },
      edits: async (device) => edits.filter((e) => e.device === device),
      parents: async () => new Map(),
    },
    maintenance: fakeMaintenance(),
    notices: { list: async () => [] },
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
      scores: async (_type, device, from, to, _limit, wanted) =>
        (['champion', 'challenger'] as const)
          .map((role): StoredScore => ({ ...score, device, role }))
          .filter((s) => s.windowEnd >= from && s.windowEnd < to && (!wanted || s.role === wanted)),
    },
    models: fakeModels(),
    queue: { failed: async () => failed, retry: async (id) => void retried.push(id) },
    deadLetters: {
      list: async ({ reason } = {}) => letters.filter((l) => !reason || l.reason === reason),
      counts: async () => ({ byReason: { not_json: 1 }, readings: 1 }),
    },
    bus: createEventBus(),
    clock,
    states: () => states,
    alarm: async (device) => (device === alarm.device ? alarm : undefined),
    lifeEvent: async (event) => void lifeEvents.push(event),
    summary: async () => makeSummary(),
    health: async () => ({ ready: true, checks: [{ name: 'store', ok: true, detail: 'writes' }] }),
    policy: { raiseAt: 0.5, clearBelow: 0.25, k: 3, n: 4 },
    http: { ...parseConfig({}).http, port: 0, allowedHosts: ['forewarn.plant'] },
    logger: { info: log, warn: log, error: log },
    simulator: fakeSimulator(broken),
    version: '1.2.3',
    ...changes,
  }
  return { deps, clock, lifeEvents, logged, retried, broken }
}

function fakeMaintenance(): Maintenance {
  const windows: MaintenanceWindow[] = []
  return {
    add: async (window) => {
      windows.unshift({ id: windows.length + 1, endedBy: null, ...window })
      return windows[0]!
    },
    list: async () => windows,
    end: async (id, { at, actor }) => {
      const known = windows.findIndex((w) => w.id === id)
      if (known < 0) throw new ForewarnError('MAINTENANCE_UNKNOWN', { id })
      windows[known] = { ...windows[known]!, to: at, endedBy: actor }
      return windows[known]
    },
  }
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
