import { isFinished } from '../../../../../core/ticket.ts'
import type { SimulatedPump, Ticket } from '../../api/types.ts'

/** What this browser broke, and how things stood before. */
export interface Broken {
  readonly device: string
  readonly mode: string
  /** Wall clock of the click, ms. */
  readonly at: number
  /** Newest ticket of the device then, 0 for none. */
  readonly lastTicket: number
  /** What the machine had cost until then. */
  readonly costBefore: number
  readonly repaired: boolean
}

const ofDevice = (tickets: readonly Ticket[], device: string): Ticket[] =>
  tickets.filter((t) => t.device === device).sort((a, b) => b.id - a.id)

export const newestTicketId = (tickets: readonly Ticket[], device: string): number =>
  ofDevice(tickets, device)[0]?.id ?? 0

/** The ticket that the break led to; one that was open before takes the new forecasts in and is named instead. */
export function ticketOf(tickets: readonly Ticket[], broken: Broken): Ticket | undefined {
  const own = ofDevice(tickets, broken.device)
  return own.find((t) => t.id > broken.lastTicket) ?? own.find((t) => !isFinished(t.state))
}

/** How long the ticket took, ms; null for one that was open before. */
export const ticketDelay = (ticket: Ticket, broken: Broken): number | null =>
  ticket.id > broken.lastTicket ? Math.max(0, ticket.openedAt - broken.at) : null

/** Running machines first: they can be broken. */
export const choosable = (pumps: readonly SimulatedPump[]): SimulatedPump[] =>
  [...pumps].sort(
    (a, b) =>
      Number(a.state !== 'running') - Number(b.state !== 'running') || a.device.localeCompare(b.device),
  )
