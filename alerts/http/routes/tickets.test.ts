import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Problem } from '../schemas/common.ts'
import type { Ticket, TicketDetail, TicketEvidence, TicketList } from '../schemas/tickets.ts'
import { makeTicket, minute, now, pump } from '../testing/fixtures.ts'
import { closeServers, serve, type TestServer } from '../testing/server.ts'
import { fakeTickets, fakeWorld } from '../testing/world.ts'

let get: TestServer['get']
let post: TestServer['post']
beforeAll(async () => {
  ;({ get, post } = await serve())
})
afterAll(closeServers)

describe('tickets', () => {
  const several = [
    makeTicket(),
    makeTicket({ id: 2, state: 'scheduled', device: 'pump-2' }),
    makeTicket({ id: 3, state: 'closed' }),
  ]
  it('are listed newest first, by state and device', async () => {
    const { get } = await serve({ tickets: fakeTickets(several) })
    const ids = async (query: string) =>
      (await get<TicketList>(`/api/tickets${query}`)).tickets.map((t) => t.id)
    expect(await ids('')).toEqual([3, 2, 1])
    expect(await ids('?state=unfinished')).toEqual([2, 1])
    expect(await ids('?state=open,closed')).toEqual([3, 1])
    expect(await ids('?device=pump-2')).toEqual([2])
    expect(await ids('?limit=1')).toEqual([3])
  })

  it('are a spreadsheet, too', async () => {
    const { server } = await serve({ tickets: fakeTickets(several) })
    const reply = await server.inject('/api/tickets.csv?state=unfinished')
    expect(reply.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="tickets.csv"',
    })
    expect(reply.body.split('\r\n')).toHaveLength(2 + several.length)
  })

  it('a choice that cannot be is refused', async () => {
    for (const query of ['priority=soon', 'sort=colour', 'limit=0', 'offset=-1', 'search=%00', 'site=a%00']) {
      expect((await get<Problem>(`/api/tickets?${query}`, 400)).code, query).toBe('REQUEST_INVALID')
    }
    expect((await get<Problem>('/api/tickets/99999999999', 400)).code).toBe('REQUEST_INVALID')
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
    const { get } = await serve({ tickets: fakeTickets([makeTicket({ mode: 'unknown' }), gone]) })
    expect((await get<TicketDetail>('/api/tickets/1')).advice).toBeNull()
    expect(await get<TicketDetail>('/api/tickets/2')).toMatchObject({
      advice: null,
      usageUnit: null,
      horizon: null,
    })
  })

  it('go their way from open to closed, each step in the history', async () => {
    const { get, post } = await serve()
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
    const { post } = await serve()
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
    const { get } = await serve({
      scores: {
        scores: (type, device, from, to, limit, role) => {
          asked.push([from, to])
          return scores.scores(type, device, from, to, limit, role)
        },
      },
    })
    const evidence = await get<TicketEvidence>('/api/tickets/1/evidence')
    expect(evidence.scores.map((s) => s.role)).toEqual(['champion'])
    const span = 3 * pump.cadenceMs
    expect(asked).toEqual([[now - 4 * span, now + 3 * span + 1]])
  })
})
