import { isFinished, type TicketState } from '../../../../../core/ticket.ts'
import type { Ticket } from '../../api/types.ts'
import { type Priority, priorityOrder } from '../../lib/priority.ts'

export type StateChoice = 'unfinished' | 'all' | TicketState

export type SortChoice = 'priority' | 'newest'

export interface TicketFilter {
  readonly state: StateChoice
  /** Empty: every site. */
  readonly site: string
  readonly search: string
  readonly sort: SortChoice
}

/** A ticket with what the list shows beside it. */
export interface TicketRow {
  readonly ticket: Ticket
  readonly modeLabel: string
  readonly priority: Priority
}

function matchesState(state: TicketState, choice: StateChoice): boolean {
  if (choice === 'all') return true
  return choice === 'unfinished' ? !isFinished(state) : state === choice
}

/** Every word has to be found somewhere in number, device, site or mode. */
function matchesSearch({ ticket, modeLabel }: TicketRow, search: string): boolean {
  const text = `#${ticket.id} ${ticket.device} ${ticket.site} ${modeLabel}`.toLowerCase()
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}

const byNewest = (a: TicketRow, b: TicketRow): number =>
  b.ticket.openedAt - a.ticket.openedAt || b.ticket.id - a.ticket.id

/** Unfinished before finished, then priority, then the sooner failure. */
function byPriority(a: TicketRow, b: TicketRow): number {
  return (
    Number(isFinished(a.ticket.state)) - Number(isFinished(b.ticket.state)) ||
    priorityOrder.indexOf(a.priority) - priorityOrder.indexOf(b.priority) ||
    a.ticket.prediction.rul.p50 - b.ticket.prediction.rul.p50 ||
    byNewest(a, b)
  )
}

export function selectTickets(rows: readonly TicketRow[], filter: TicketFilter): TicketRow[] {
  return rows
    .filter(
      (row) =>
        matchesState(row.ticket.state, filter.state) &&
        (filter.site === '' || row.ticket.site === filter.site) &&
        matchesSearch(row, filter.search),
    )
    .sort(filter.sort === 'newest' ? byNewest : byPriority)
}
