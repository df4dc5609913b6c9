import { Link } from 'wouter'
import type { Ticket } from '../../api/types.ts'
import { Card } from '../../components/Card.tsx'
import { StateBadge } from '../../components/StateBadge.tsx'
import { useModeLabel } from '../../components/useAssetTypes.ts'
import { links } from '../../lib/links.ts'
import { formatMoment } from '../../lib/time.ts'
import classes from './DeviceTickets.module.css'

export function DeviceTickets({ tickets }: { tickets: readonly Ticket[] }) {
  const modeLabel = useModeLabel()
  return (
    <Card title="Tickets">
      {tickets.length === 0 && <p className={classes.none}>None was ever opened for this machine.</p>}
      <ul className={classes.list}>
        {tickets.map((ticket) => (
          <li key={ticket.id}>
            <Link href={links.ticket(ticket.id)} className={classes.ticket}>
              <span className={classes.what}>
                #{ticket.id} {modeLabel(ticket.assetType, ticket.mode)}
              </span>
              <StateBadge state={ticket.state} />
              <span className={classes.when}>opened {formatMoment(ticket.openedAt)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  )
}
