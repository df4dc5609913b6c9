import type { TicketDetail } from '../../api/types.ts'
import { Card } from '../../components/Card.tsx'
import { Facts } from '../../components/Facts.tsx'
import { formatMoment } from '../../lib/time.ts'
import classes from './ArgumentCard.module.css'

/** How pressing it is, until when to act, and how far its kind is to be believed, with the numbers that say so. */
export function ArgumentCard({
  ticket: { priority, actBy },
  trackRecord,
}: Pick<TicketDetail, 'ticket' | 'trackRecord'>) {
  return (
    <Card title="How pressing, and until when" testId="argument">
      {priority && <p className={classes.argument}>{priority.argument}</p>}
      {actBy && (
        <>
          <p className={classes.argument}>{actBy.argument}</p>
          {actBy.orderBy !== null && (
            <Facts facts={[{ name: 'Order the parts by', value: formatMoment(actBy.orderBy) }]} />
          )}
        </>
      )}
      <p className={classes.argument} data-testid="track-record">
        {trackRecord.sentence}
      </p>
    </Card>
  )
}
