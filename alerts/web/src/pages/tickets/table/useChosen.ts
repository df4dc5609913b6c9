import { useState } from 'react'
import type { Ticket } from '../../../api/types.ts'

/** Chosen tickets as they were seen: the version that goes with the change is the one that was chosen. */
export interface Chosen {
  readonly tickets: ReadonlyMap<number, Ticket>
  readonly toggle: (ticket: Ticket) => void
  readonly set: (tickets: readonly Ticket[]) => void
}

/** Acknowledging is the one thing that is done to many at once. */
export const isChoosable = ({ state }: Ticket): boolean => state === 'open'

export function useChosen(): Chosen {
  const [tickets, setTickets] = useState<ReadonlyMap<number, Ticket>>(new Map())
  return {
    tickets,
    toggle: (ticket) =>
      setTickets((old) => {
        const next = new Map(old)
        if (!next.delete(ticket.id)) next.set(ticket.id, ticket)
        return next
      }),
    set: (chosen) => setTickets(new Map(chosen.map((ticket) => [ticket.id, ticket]))),
  }
}
