import type { FastifyInstance } from 'fastify'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ForewarnError } from '../../../core/errors.ts'
import type { ServerDeps } from '../deps.ts'
import type { CatalogueView } from '../schemas/catalogue.ts'
import type { Problem } from '../schemas/common.ts'
import type { DeviceDetail, DeviceList, Trend } from '../schemas/devices.ts'
import type { DeadLetterList, FailedList } from '../schemas/operations.ts'
import type { ScoreList } from '../schemas/scores.ts'
import type { SimulatorView } from '../schemas/simulator.ts'
import type { Ticket, TicketDetail, TicketEvidence, TicketList } from '../schemas/tickets.ts'
import { buildServer } from '../server.ts'
import {
  type FakeWorld,
  fakeTickets,
  fakeWorld,
  makeSummary,
  makeTicket,
  minute,
  now,
  pump,
} from '../testing.ts'

let standard: FastifyInstance
let world: FakeWorld
let server: FastifyInstance

/** A world of the test's own: one that differs, or that the test changes. */
async function restart(changes: Partial<ServerDeps> = {}) {
  world = fakeWorld(changes)
  server = await buildServer(world.deps)
}
beforeAll(async () => {
  standard = await buildServer(fakeWorld().deps)
})
beforeEach(() => {
  server = standard
})
afterEach(async () => {
  if (server !== standard) await server.close()
})
afterAll(() => standard.close())

async function get<T>(url: string, status = 200): Promise<T> {
  const reply = await server.inject(url)
  expect(reply.statusCode, reply.body).toBe(status)
  return reply.json<T>()
}

async function post<T>(url: string, payload: object = {}, status = 200): Promise<T> {
  const reply = await server.inject({ method: 'POST', url, payload })
  expect(reply.statusCode, reply.body).toBe(status)
  return reply.json<T>()
}

const raise = async () => Promise.reject(new Error('not here'))

describe('tickets', () => {
  const several = [
    makeTicket(),
    makeTicket({ id: 2, state: 'scheduled', device: 'pump-2' }),
    makeTicket({ id: 3, state: 'closed' }),
  ]
  const ids = async (query: string) =>
    (await get<TicketList>(`/api/tickets${query}`)).tickets.map((t) => t.id)

  it('are listed newest first, by state and device', async () => {
    await restart({ tickets: { ...fakeTickets(several), raise } })
    expect(await ids('')).toEqual([3, 2, 1])
    expect(await ids('?state=unfinished')).toEqual([2, 1])
    expect(await ids('?state=open,closed')).toEqual([3, 1])
    expect(await ids('?device=pump-2')).toEqual([2])
    expect(await ids('?limit=1')).toEqual([3])
  })

  it('a state that does not exist is refused with those that do', async () => {
    const { detail } = await get<Problem>('/api/tickets?state=lost', 400)
    expect(detail).toContain('in_progress')
  })

  it('one has its advice, its units and the ways it can go', async () => {
    const detail = await get<TicketDetail>('/api/tickets/1')
    expect(detail).toMatchObject({
      ticket: { id: 1, mode: 'bearing_wear', version: 1 },
      advice: {
        label: 'bearing wear',
        action: 'mend the bearing_wear',
        parts: ['bearing'],
        costFailure: 1000,
      },
      usageUnit: 'h',
      rulCap: 96,
      allowed: ['acknowledged', 'scheduled', 'in_progress', 'resolved'],
    })
    expect(detail.ticket.prediction).not.toHaveProperty('evidence')
  })

  it('one of an unknown mode or a removed asset type has no advice', async () => {
    const gone = makeTicket({ id: 2, assetType: 'gone' })
    await restart({ tickets: { ...fakeTickets([makeTicket({ mode: 'unknown' }), gone]), raise } })
    expect((await get<TicketDetail>('/api/tickets/1')).advice).toBeNull()
    expect(await get<TicketDetail>('/api/tickets/2')).toMatchObject({
      advice: null,
      usageUnit: null,
      horizon: null,
    })
  })

  it('go their way from open to closed, each step in the history', async () => {
    await restart()
    const actor = 'Ada'
    const step = (action: string, version: number, more = {}) =>
      post<Ticket>(`/api/tickets/1/${action}`, { actor, version, ...more })
    expect(await step('acknowledge', 1, { note: 'mine' })).toMatchObject({
      state: 'acknowledged',
      version: 2,
    })
    expect(await step('schedule', 2, { scheduledFor: now + minute })).toMatchObject({
      state: 'scheduled',
      scheduledFor: now + minute,
    })
    expect(await step('start', 3)).toMatchObject({ state: 'in_progress' })
    const verdict = { verdict: 'confirmed', verdictMode: 'cavitation' }
    expect(await step('resolve', 4, verdict)).toMatchObject({ state: 'resolved', ...verdict })
    expect(await step('close', 5)).toMatchObject({ state: 'closed', version: 6 })
    expect(await post<Ticket>('/api/tickets/1/comment', { actor, note: 'all well' })).toMatchObject({
      version: 6,
    })
    const { history, allowed } = await get<TicketDetail>('/api/tickets/1')
    expect(history.map((e) => e.kind)).toEqual([
      'acknowledged',
      'scheduled',
      'in_progress',
      'resolved',
      'closed',
      'commented',
    ])
    expect(history[0]).toMatchObject({ actor, detail: { note: 'mine' } })
    expect(allowed).toEqual([])
  })

  it('refuse what cannot be, with the reason', async () => {
    const actor = 'Ada'
    const codeOf = async (url: string, body: object, status: number) =>
      (await post<Problem>(url, body, status)).code
    expect(await codeOf('/api/tickets/99/acknowledge', { actor, version: 1 }, 404)).toBe('TICKET_UNKNOWN')
    expect(await codeOf('/api/tickets/1/close', { actor, version: 1 }, 409)).toBe('TICKET_TRANSITION')
    expect(await codeOf('/api/tickets/1/start', { actor, version: 7 }, 409)).toBe('TICKET_STALE')
    expect(await codeOf('/api/tickets/1/resolve', { actor, version: 1 }, 400)).toBe('TICKET_VERDICT_MISSING')
    expect(await codeOf('/api/tickets/1/acknowledge', { actor: '  ', version: 1 }, 400)).toBe(
      'REQUEST_INVALID',
    )
    expect(await codeOf('/api/tickets/99/comment', { actor, note: 'x' }, 404)).toBe('TICKET_UNKNOWN')
    expect((await get<Problem>('/api/tickets/99', 404)).code).toBe('TICKET_UNKNOWN')
    expect((await get<Problem>('/api/tickets/99/evidence', 404)).code).toBe('TICKET_UNKNOWN')
  })

  it('a verdict names a mode of the catalogue, for it is a label to learn from', async () => {
    await restart()
    const body = { actor: 'Ada', version: 1, verdict: 'confirmed', verdictMode: 'gremlins' }
    const { code, detail } = await post<Problem>('/api/tickets/1/resolve', body, 400)
    expect(code).toBe('REQUEST_INVALID')
    expect(detail).toContain('unknown, bearing_wear, cavitation')
    await post('/api/tickets/1/resolve', { ...body, verdictMode: 'unknown' })
  })
})

describe('evidence', () => {
  it('is the window of the ticket, a channel at a time, the strongest first', async () => {
    const evidence = await get<TicketEvidence>('/api/tickets/1/evidence')
    expect(evidence.times).toEqual([3, 2, 1, 0].map((back) => now - back * pump.cadenceMs))
    expect(evidence.channels).toEqual([
      {
        name: 'flow',
        label: 'Flow',
        unit: 'm3/h',
        role: 'sensor',
        normal: null,
        values: [50, 51, 52, 53],
        contribution: -0.75,
      },
      {
        name: 'vibration',
        label: 'Vibration',
        unit: 'mm/s',
        role: 'sensor',
        normal: [1, 3],
        values: [1, 2, null, 4],
        contribution: 0.25,
      },
    ])
    expect(evidence).toMatchObject({ ticket: 1, model: 'model-a', backend: 'wasm', simd: true })
  })

  it('shows the champion’s forecasts from before the window to after it', async () => {
    const asked: number[][] = []
    const { scores } = fakeWorld().deps
    await restart({
      scores: {
        scores: (type, device, from, to, limit) => {
          asked.push([from, to])
          return scores.scores(type, device, from, to, limit)
        },
      },
    })
    const evidence = await get<TicketEvidence>('/api/tickets/1/evidence')
    expect(evidence.scores.map((s) => s.role)).toEqual(['champion'])
    const span = 3 * pump.cadenceMs
    expect(asked).toEqual([[now - 4 * span, now + 3 * span + 1]])
  })
})

describe('devices', () => {
  it('are all there, scored or with the reason why not', async () => {
    const { devices } = await get<DeviceList>('/api/devices')
    expect(devices).toMatchObject([
      { device: 'pump-1', state: { state: 'scored' }, reasonText: null, openTicket: 1 },
      {
        device: 'pump-2',
        state: { state: 'not_scored', reason: 'no_data' },
        reasonText: 'no reading has come yet',
        score: null,
        openTicket: null,
      },
    ])
  })

  it('one that is heard but not yet registered is shown as well; names are sorted as people count', async () => {
    const state = { state: 'not_scored', reason: 'gap', since: now } as const
    const heard = { device: 'pump-10', site: 'south', assetType: 'pump', state }
    await restart({ states: () => new Map([['pump-10', heard]]) })
    const { devices } = await get<DeviceList>('/api/devices')
    expect(devices.map((d) => d.device)).toEqual(['pump-1', 'pump-2', 'pump-10'])
    expect(devices[2]).toMatchObject({ site: 'south', firstSeen: now, state })
  })

  it('with several open tickets names the newest', async () => {
    const open = [
      makeTicket(),
      makeTicket({ id: 2, mode: 'cavitation' }),
      makeTicket({ id: 3, state: 'closed' }),
    ]
    await restart({ tickets: { ...fakeTickets(open), raise } })
    expect((await get<DeviceList>('/api/devices')).devices[0]!.openTicket).toBe(2)
    expect((await get<DeviceDetail>('/api/devices/pump-1')).device.openTicket).toBe(2)
  })

  it('one has its newest reading, its tickets and why it has no alarm', async () => {
    const detail = await get<DeviceDetail>('/api/devices/pump-1')
    expect(detail.latest).toEqual({ time: now, values: { vibration: 3, flow: null } })
    expect(detail.tickets.map((t) => t.id)).toEqual([1])
    expect(detail.alarm).toMatchObject({ raised: false, recent: [false, true, true], over: 2, k: 3, n: 4 })
    expect(detail.alarm!.explanation).toBe(
      '2 of the last 3 scored windows reached a failure probability of 50 %; 3 of 4 raise an alarm.',
    )
  })

  it('one that was never heard has neither, and that is said', async () => {
    expect(await get<DeviceDetail>('/api/devices/pump-2')).toMatchObject({
      latest: null,
      alarm: null,
      tickets: [],
    })
  })

  it('that do not exist are DEVICE_UNKNOWN everywhere', async () => {
    for (const path of ['', '/trend?channel=flow', '/scores']) {
      expect((await get<Problem>(`/api/devices/pump-9${path}`, 404)).code).toBe('DEVICE_UNKNOWN')
    }
    expect((await post<Problem>('/api/devices/pump-9/events', { kind: 'repaired' }, 404)).code).toBe(
      'DEVICE_UNKNOWN',
    )
  })
})

describe('trend', () => {
  it('ends with the newest reading of the device unless told otherwise', async () => {
    const trend = await get<Trend>('/api/devices/pump-1/trend?channel=vibration&buckets=10')
    expect(trend).toMatchObject({ unit: 'mm/s', normal: [1, 3], from: now - 2 * pump.cadenceMs, to: now + 1 })
    expect(trend.bucketMs).toBe(Math.ceil((2 * pump.cadenceMs + 1) / 10))
    expect(trend.buckets.length).toBeGreaterThan(0)
  })

  it('takes the range it is given', async () => {
    const trend = await get<Trend>('/api/devices/pump-1/trend?channel=flow&from=1000&to=2000&buckets=4')
    expect(trend).toMatchObject({ from: 1000, to: 2000, bucketMs: 250 })
  })

  it('of a device without readings is empty, not an error', async () => {
    const { from, to } = await get<Trend>('/api/devices/pump-2/trend?channel=flow')
    expect(to).toBe(now + 1)
    expect(from).toBeLessThan(to)
  })

  it('refuses a range that runs backwards and a channel that is not there', async () => {
    expect((await get<Problem>('/api/devices/pump-1/trend?channel=flow&from=2&to=1', 400)).detail).toContain(
      'before',
    )
    expect((await get<Problem>('/api/devices/pump-1/trend?channel=colour', 400)).detail).toContain('colour')
    expect((await get<Problem>('/api/devices/pump-1/trend', 400)).errors?.[0]?.path).toBe(
      'querystring/channel',
    )
  })
})

it('scores of a device come with the range they were asked for', async () => {
  const { from, to, scores } = await get<ScoreList>('/api/devices/pump-1/scores')
  expect([from, to]).toEqual([now - 2 * pump.cadenceMs, now + 1])
  expect(scores).toHaveLength(2)
  expect((await get<ScoreList>(`/api/devices/pump-1/scores?to=${now}`)).scores).toEqual([])
})

describe('life events', () => {
  it('happen, unless dated, when the device was last heard: it may live in another time than we do', async () => {
    await restart()
    world.clock.advance(365 * 86_400_000)
    const event = await post('/api/devices/pump-1/events', { kind: 'repaired', detail: 'new bearing' })
    expect(event).toEqual({ device: 'pump-1', kind: 'repaired', detail: 'new bearing', time: now })
    expect(world.lifeEvents).toEqual([event])
    expect((await get<DeviceDetail>('/api/devices/pump-1')).events).toEqual([event])
  })

  it('of a device that was never heard happen now; a date of one’s own counts', async () => {
    await restart()
    expect(await post('/api/devices/pump-2/events', { kind: 'installed' })).toMatchObject({ time: now })
    expect(await post('/api/devices/pump-2/events', { kind: 'failed', time: 5 })).toMatchObject({ time: 5 })
  })

  it('are refused from the future and of unknown kind', async () => {
    await restart()
    const ahead = { kind: 'repaired', time: now + 2 * minute }
    expect((await post<Problem>('/api/devices/pump-1/events', ahead, 400)).detail).toContain('milliseconds')
    expect((await post<Problem>('/api/devices/pump-1/events', { kind: 'bewitched' }, 400)).code).toBe(
      'REQUEST_INVALID',
    )
    expect(world.lifeEvents).toEqual([])
  })
})

it('the catalogue shows channels and failure modes', async () => {
  const { assetTypes } = await get<CatalogueView>('/api/catalogue')
  expect(assetTypes[0]).toMatchObject({ name: 'pump', usage: { unit: 'h' }, horizon: 36 })
  expect(assetTypes[0]!.channels.map((c) => c.normal)).toEqual([[1, 3], null])
  expect(assetTypes[0]!.failureModes.map((m) => m.name)).toEqual(['bearing_wear', 'cavitation'])
})

it('the summary is what the app counts', async () => {
  expect(await get('/api/summary')).toEqual(makeSummary())
})

it('dead letters come with their reason in words and the beginning of their bytes', async () => {
  const { deadLetters, counts, readings } = await get<DeadLetterList>('/api/deadletters')
  expect(deadLetters).toMatchObject([
    { reason: 'not_json', reasonText: 'the payload is not JSON', bytes: 15, preview: '<b>not json</b>' },
  ])
  expect({ counts, readings }).toEqual({ counts: { not_json: 1 }, readings: 1 })
  expect((await get<DeadLetterList>('/api/deadletters?reason=too_old')).deadLetters).toEqual([])
  await get('/api/deadletters?reason=boredom', 400)
})

it('failed predictions are listed and retried, unknown ones are not', async () => {
  await restart()
  const { failed } = await get<FailedList>('/api/queue/failed')
  expect(failed).toMatchObject([
    { id: 'job-1', attempts: 5, error: 'no table', prediction: { device: 'pump-1' } },
  ])
  expect(await post('/api/queue/failed/job-1/retry')).toEqual({ ok: true })
  expect((await post<Problem>('/api/queue/failed/job-2/retry', {}, 404)).code).toBe('NOT_FOUND')
  expect(world.retried).toEqual(['job-1'])
})

describe('simulator', () => {
  it('shows its pumps, breaks and repairs them', async () => {
    await restart()
    const { simulator } = await get<SimulatorView>('/api/simulator')
    expect(simulator!.pumps).toMatchObject([{ device: 'pump-1', state: 'running', mode: null }])
    await post('/api/simulator/pump-1/break', { mode: 'cavitation' })
    await post('/api/simulator/pump-1/repair')
    expect(world.broken).toEqual([
      { device: 'pump-1', mode: 'cavitation' },
      { device: 'pump-1', mode: null },
    ])
    expect((await post<Problem>('/api/simulator/pump-9/repair', {}, 404)).code).toBe('DEVICE_UNKNOWN')
    await post('/api/simulator/pump-1/break', {}, 400)
  })

  it('repairs without a body too', async () => {
    const reply = await server.inject({ method: 'POST', url: '/api/simulator/pump-1/repair' })
    expect(reply.statusCode).toBe(200)
  })

  it('is null where there is none', async () => {
    await restart({ simulator: undefined })
    expect(await get('/api/simulator')).toEqual({ simulator: null })
    expect((await post<Problem>('/api/simulator/pump-1/repair', {}, 404)).code).toBe('NOT_FOUND')
  })
})

describe('health', () => {
  it('is alive whatever the rest does', async () => {
    await restart({
      health: () => Promise.reject(new ForewarnError('STORE_UNAVAILABLE', { problem: 'gone' })),
    })
    expect(await get('/health/live')).toEqual({ status: 'ok' })
    expect((await get<Problem>('/health/ready', 503)).code).toBe('STORE_UNAVAILABLE')
  })

  it('is ready, or says by name what is not', async () => {
    expect(await get('/health/ready')).toMatchObject({ ready: true })
    const state = {
      ready: false,
      checks: [
        { name: 'queue', ok: true, detail: 'answers' },
        { name: 'store', ok: false, detail: 'connection refused' },
      ],
    }
    await restart({ health: async () => state })
    expect(await get('/health/ready', 503)).toEqual(state)
  })
})
