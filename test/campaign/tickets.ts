import { isFinished, type Ticket, type TicketEvent } from '../../core/ticket.ts'
import { getJson } from '../support/forewarnProcess.ts'
import type { FoundTicket } from './check.ts'

/** Every ticket of an installation, with what its history says. */
export async function ticketsOf(httpUrl: string): Promise<FoundTicket[]> {
  const { tickets } = await getJson<{ tickets: Ticket[] }>(`${httpUrl}/api/tickets?limit=500`)
  return Promise.all(
    tickets.map(async ({ id, device, mode, state }) => {
      const { history } = await getJson<{ history: TicketEvent[] }>(`${httpUrl}/api/tickets/${id}`)
      const opened = history.filter(({ kind }) => kind === 'opened').length
      return { device, mode, isOpen: !isFinished(state), opened }
    }),
  )
}
