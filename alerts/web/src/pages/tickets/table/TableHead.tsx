import type { SortChoice } from '../ticketFilter.ts'
import classes from './TicketTable.module.css'

const heads: readonly { readonly label: string; readonly sort?: SortChoice }[] = [
  { label: '' },
  { label: 'Priority', sort: 'priority' },
  { label: 'Ticket' },
  { label: 'Machine' },
  { label: 'Act by', sort: 'act_by' },
  { label: 'Time left' },
  { label: 'Probability' },
  { label: 'State' },
  { label: 'Opened', sort: 'opened' },
]

/** Heads for the eye; three of them also put the tickets in order, as the choice above does. */
export const TableHead = ({ sort, choose }: { sort: SortChoice; choose: (sort: SortChoice) => void }) => (
  <div className={classes.head}>
    {heads.map((head) =>
      head.sort ? (
        <button
          key={head.label}
          type="button"
          className={classes.sort}
          aria-pressed={sort === head.sort}
          onClick={() => choose(head.sort!)}
        >
          {head.label}
        </button>
      ) : (
        <span key={head.label} aria-hidden>
          {head.label}
        </span>
      ),
    )}
  </div>
)
