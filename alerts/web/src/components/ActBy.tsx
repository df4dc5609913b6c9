import type { Ticket } from '../api/types.ts'
import { actByDistance, actByMoment } from '../lib/actByWords.ts'
import classes from './ActBy.module.css'

/** Until when somebody has to act, and how far off that is; the argument stands in the title. */
export function ActBy({ ticket, now }: { ticket: Ticket; now: number }) {
  const { actBy } = ticket
  if (!actBy) return <span className={classes.minor}>no date</span>
  return (
    <span className={classes.date} data-late={actBy.tooLate || undefined} title={actBy.argument}>
      {actByMoment(actBy, now)}
      <span className={classes.minor}>{actByDistance(ticket, now)}</span>
    </span>
  )
}
