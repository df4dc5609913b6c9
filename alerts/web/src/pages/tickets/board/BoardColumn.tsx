import { Button } from '@mantine/core'
import { useState } from 'react'
import type { TicketState } from '../../../../../../core/ticket.ts'
import { type TicketListQuery, useTickets } from '../../../api/ticketList.ts'
import { Loaded } from '../../../components/Loaded.tsx'
import { formatCount } from '../../../lib/format.ts'
import { stateLabels } from '../../../lib/ticketWords.ts'
import classes from './Board.module.css'
import { TicketCard } from './TicketCard.tsx'

interface BoardColumnProps {
  readonly state: TicketState
  readonly asked: TicketListQuery
  readonly now: number
}

/** A screenful; more on demand, for nobody reads a column of thousands. */
const step = 30

export function BoardColumn({ state, asked, now }: BoardColumnProps) {
  const [limit, setLimit] = useState(step)
  const query = useTickets(asked, limit)
  const total = query.data?.total
  return (
    <section className={classes.column} data-testid={`column-${state}`} aria-label={stateLabels[state]}>
      <h2 className={classes.title}>
        {stateLabels[state]}{' '}
        <span className={classes.count}>{total === undefined ? '' : formatCount(total)}</span>
      </h2>
      <Loaded query={query} height={120} lines={2}>
        {({ tickets, total: all }) => (
          <>
            {tickets.length === 0 && <p className={classes.none}>None</p>}
            <ul className={classes.cards}>
              {tickets.map((ticket) => (
                <TicketCard key={ticket.id} ticket={ticket} now={now} />
              ))}
            </ul>
            {all > tickets.length && (
              <Button variant="default" size="compact-md" onClick={() => setLimit(limit + step)}>
                Show more of {formatCount(all)}
              </Button>
            )}
          </>
        )}
      </Loaded>
    </section>
  )
}
