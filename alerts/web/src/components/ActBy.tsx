import { isFinished } from '../../../../core/ticket.ts'
import type { Ticket } from '../api/types.ts'
import { actByDistance, actByMoment } from '../lib/actByWords.ts'
import classes from './ActBy.module.css'

/** Until when somebody has to act, and how far off that is while it is to be done; the argument stands in the title. */
export function ActBy({ ticket, now }: { ticket: Ticket; now: number }) {
  const { actBy } = ticket
  if (!actBy) return <span className={classes.minor}>no date</span>
  const finished = isFinished(ticket.state)
  return (
    <span
      className={classes.date}
      data-late={(actBy.tooLate && !finished) || undefined}
      data-finished={finished || undefined}
      title={actBy.argument}
    >
      {actByMoment(actBy, now)}
      {!finished && <span className={classes.minor}>{actByDistance(ticket, now)}</span>}
    </span>
  )
}
