import { afterAll, expect, it } from 'vitest'
import type { Problem } from '../schemas/common.ts'
import type { ManyAnswered, Ticket, TicketDetail } from '../schemas/index.ts'
import { makeTicket } from '../testing/fixtures.ts'
import { closeServers, serve } from '../testing/server.ts'
import { fakeTickets } from '../testing/world.ts'

afterAll(closeServers)
const actor = 'Ada'
const several = () =>
  fakeTickets([makeTicket(), makeTicket({ id: 2, version: 4 }), makeTicket({ id: 3, state: 'closed' })])

it('takes many tickets on at once, and answers each by itself', async () => {
  const { post } = await serve({ tickets: several() })
  const wanted = [
    { id: 1, version: 1 },
    { id: 2, version: 3 },
    { id: 3, version: 1 },
    { id: 9, version: 1 },
  ]
  const { results } = await post<ManyAnswered>('/api/tickets/acknowledge', { actor, tickets: wanted })
  expect(results).toMatchObject([
    { ok: true, id: 1, ticket: { state: 'acknowledged', version: 2 } },
    { ok: false, id: 2, problem: { code: 'TICKET_STALE', status: 409 } },
    { ok: false, id: 3, problem: { code: 'TICKET_TRANSITION' } },
    { ok: false, id: 9, problem: { code: 'TICKET_UNKNOWN', status: 404 } },
  ])
  expect(results[0]).not.toHaveProperty('ticket.prediction.evidence')
})

it('fails as a whole where the database is away, and for a list that says nothing', async () => {
  const away = { ...several(), change: async () => Promise.reject(new Error('no connection')) }
  const { post } = await serve({ tickets: away })
  const tickets = [{ id: 1, version: 1 }]
  expect((await post<Problem>('/api/tickets/acknowledge', { actor, tickets }, 500)).code).toBe('INTERNAL')
  for (const wrong of [[], [{ id: 1 }], [{ id: 1e12, version: 1 }]]) {
    const { code } = await post<Problem>('/api/tickets/acknowledge', { actor, tickets: wrong }, 400)
    expect(code).toBe('REQUEST_INVALID')
  }
})

it('reopens with a reason, and says what can be reopened', async () => {
  const { get, post } = await serve({ tickets: several() })
  expect((await get<TicketDetail>('/api/tickets/1')).reopenable).toBe(false)
  expect((await get<TicketDetail>('/api/tickets/3')).reopenable).toBe(true)
  await post('/api/tickets/3/reopen', { actor, version: 1, reason: ' ' }, 400)
  const back = await post<Ticket>('/api/tickets/3/reopen', { actor, version: 1, reason: 'it hums again' })
  expect(back).toMatchObject({ state: 'acknowledged' })
})

it('merges into another ticket and splits a suspicion that the catalogue knows', async () => {
  const { post } = await serve({ tickets: several() })
  const gremlins = { actor, version: 1, mode: 'gremlins' }
  expect((await post<Problem>('/api/tickets/1/split', gremlins, 400)).detail).toContain('cavitation')
  const part = await post<Ticket>('/api/tickets/1/split', { ...gremlins, mode: 'cavitation' })
  expect(part).toMatchObject({ mode: 'cavitation', splitFrom: 1 })
  const target = await post<Ticket>(`/api/tickets/${part.id}/merge`, { actor, version: 1, into: 1 })
  expect(target).toMatchObject({ id: 1 })
})
