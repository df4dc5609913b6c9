import type { Ticket } from '../../api/types.ts'
import { Card } from '../../components/Card.tsx'
import { Facts } from '../../components/Facts.tsx'
import { formatMoment } from '../../lib/time.ts'
import classes from './ArgumentCard.module.css'

/** How pressing it is and until when to act, with the numbers that say so. */
export function ArgumentCard({ ticket: { priority, actBy } }: { ticket: Ticket }) {
  if (!priority && !actBy) return null
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
    </Card>
  )
}
