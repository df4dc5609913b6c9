import { describe, expect, it } from 'vitest'
import type { Ticket } from '../../api/types.ts'
import type { Priority } from '../../lib/priority.ts'
import { selectTickets, type TicketFilter, type TicketRow } from './ticketFilter.ts'

const all: TicketFilter = { state: 'all', site: '', search: '', sort: 'priority' }

function row(id: number, part: Partial<Ticket>, priority: Priority = 'normal', p50 = 40): TicketRow {
  const rul = { p05: 0, p10: 0, p50, p90: 90, p95: 90 }
  const ticket = { id, device: `pump-${id}`, site: 'north', state: 'open', openedAt: id, ...part }
  return {
    ticket: { ...ticket, prediction: { rul } } as Ticket,
    modeLabel: 'Bearing wear',
    priority,
  }
}

const ids = (rows: TicketRow[]) => rows.map((r) => r.ticket.id)

describe('selectTickets', () => {
  const rows = [
    row(1, { state: 'closed' }, 'urgent'),
    row(2, { site: 'south' }, 'normal', 30),
    row(3, { state: 'scheduled' }, 'urgent', 20),
    row(4, {}, 'urgent', 10),
    row(5, { state: 'withdrawn' }),
  ]

  it('puts what needs someone first: unfinished, priority, the sooner failure', () => {
    expect(ids(selectTickets(rows, all))).toEqual([4, 3, 2, 1, 5])
  })

  it('can put the newest first', () => {
    expect(ids(selectTickets(rows, { ...all, sort: 'newest' }))).toEqual([5, 4, 3, 2, 1])
  })

  it('chooses by state, site and every word of the search', () => {
    expect(ids(selectTickets(rows, { ...all, state: 'unfinished' }))).toEqual([4, 3, 2])
    expect(ids(selectTickets(rows, { ...all, state: 'closed' }))).toEqual([1])
    expect(ids(selectTickets(rows, { ...all, site: 'south' }))).toEqual([2])
    expect(ids(selectTickets(rows, { ...all, search: 'bearing PUMP-3' }))).toEqual([3])
    expect(ids(selectTickets(rows, { ...all, search: '#4' }))).toEqual([4])
  })
})
