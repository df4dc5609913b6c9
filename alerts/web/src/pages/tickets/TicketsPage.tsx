import { useMemo } from 'react'
import { useTickets } from '../../api/queries.ts'
import type { Ticket } from '../../api/types.ts'
import { Loaded } from '../../components/Loaded.tsx'
import { PageHead } from '../../components/PageHead.tsx'
import { useModeLabel } from '../../components/useAssetTypes.ts'
import { useNow } from '../../components/useNow.ts'
import { priorityOf } from '../../lib/priority.ts'
import { NoTickets } from './NoTickets.tsx'
import { TicketFilters } from './TicketFilters.tsx'
import { TicketList } from './TicketList.tsx'
import { selectTickets, type TicketRow } from './ticketFilter.ts'
import { useTicketFilter } from './useTicketFilter.ts'

function useRows(tickets: readonly Ticket[]): TicketRow[] {
  const modeLabel = useModeLabel()
  return useMemo(
    () =>
      tickets.map((ticket) => ({
        ticket,
        modeLabel: modeLabel(ticket.assetType, ticket.mode),
        priority: priorityOf(ticket),
      })),
    [tickets, modeLabel],
  )
}

/** The start page: what needs someone, the most urgent first. */
export function TicketsPage() {
  const query = useTickets()
  return (
    <>
      <PageHead
        title="Tickets"
        lead="Failures that the forecast sees coming, and what to do before they happen."
      />
      <Loaded query={query} height={56} lines={6}>
        {(tickets) => <TicketBoard tickets={tickets} />}
      </Loaded>
    </>
  )
}

function TicketBoard({ tickets }: { tickets: readonly Ticket[] }) {
  const [filter, change] = useTicketFilter()
  const now = useNow(5000)
  const rows = useRows(tickets)
  const shown = selectTickets(rows, filter)
  return (
    <>
      <TicketFilters rows={rows} filter={filter} change={change} />
      {shown.length > 0 ? <TicketList rows={shown} now={now} /> : <NoTickets any={rows.length > 0} />}
    </>
  )
}
