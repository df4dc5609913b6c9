import type { TicketState } from '../../../../../../core/ticket.ts'
import { useNow } from '../../../components/useNow.ts'
import { listQuery, type TicketFilter } from '../ticketFilter.ts'
import classes from './Board.module.css'
import { BoardColumn } from './BoardColumn.tsx'

/** In the order of the work; what is closed or withdrawn has left the board. */
const columns: readonly TicketState[] = ['open', 'acknowledged', 'scheduled', 'in_progress', 'resolved']

/** A column a state; a ticket moves on by its own menu. */
export function Board({ filter }: { filter: TicketFilter }) {
  const now = useNow(5000)
  return (
    <div className={classes.board} data-testid="board">
      {columns.map((state) => (
        <BoardColumn key={state} state={state} asked={{ ...listQuery(filter), state }} now={now} />
      ))}
    </div>
  )
}
