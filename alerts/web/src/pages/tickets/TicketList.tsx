import classes from './TicketList.module.css'
import { TicketListRow } from './TicketListRow.tsx'
import type { TicketRow } from './ticketFilter.ts'

const heads = [
  'Priority',
  'Ticket',
  'Machine',
  'Time left',
  'Failure probability',
  'State',
  'Opened',
] as const

/** A table for the eye at a desk, cards on a phone; one list for everything else. */
export const TicketList = ({ rows, now }: { rows: readonly TicketRow[]; now: number }) => (
  <div className={classes.frame}>
    <div className={classes.head} aria-hidden>
      {heads.map((head) => (
        <span key={head}>{head}</span>
      ))}
    </div>
    <ul className={classes.list} aria-label="Tickets" data-testid="tickets">
      {rows.map((row) => (
        <TicketListRow key={row.ticket.id} row={row} now={now} />
      ))}
    </ul>
  </div>
)
