import { Badge } from '@mantine/core'
import { Link } from 'wouter'
import { LifeBar } from '../../components/LifeBar.tsx'
import { PriorityMark } from '../../components/PriorityMark.tsx'
import { Probability } from '../../components/Probability.tsx'
import { StateBadge } from '../../components/StateBadge.tsx'
import { lifeUnitOf, useAssetTypes } from '../../components/useAssetTypes.ts'
import { lifeLeft } from '../../lib/interval.ts'
import { links } from '../../lib/links.ts'
import { formatAge, formatMoment } from '../../lib/time.ts'
import classes from './TicketList.module.css'
import type { TicketRow } from './ticketFilter.ts'

/** So long a ticket counts as new. */
const newMs = 20_000

export function TicketListRow({
  row: { ticket, modeLabel, priority },
  now,
}: {
  row: TicketRow
  now: number
}) {
  const type = useAssetTypes().get(ticket.assetType)
  const isNew = ticket.state === 'open' && now - ticket.openedAt < newMs
  const { rul, failureProbability } = ticket.prediction
  return (
    <li>
      <Link
        href={links.ticket(ticket.id)}
        className={classes.row}
        data-testid={`ticket-${ticket.id}`}
        data-state={ticket.state}
        data-device={ticket.device}
        data-new={isNew || undefined}
        data-priority={priority}
      >
        <span className={classes.priority}>
          <PriorityMark priority={priority} why={ticket.priority?.argument} />
        </span>
        <span className={classes.what}>
          <span className={classes.mode}>
            {modeLabel}
            {isNew && (
              <Badge size="xs" color="orange" variant="filled" ml={8}>
                new
              </Badge>
            )}
          </span>
          <span className={classes.minor}>#{ticket.id}</span>
        </span>
        <span className={classes.machine}>
          <span>{ticket.device}</span>
          <span className={classes.minor}>{ticket.site}</span>
        </span>
        <span className={classes.life}>
          {type ? lifeLeft(rul, lifeUnitOf(type)) : '-'}
          {type && <LifeBar rul={rul} life={lifeUnitOf(type)} />}
        </span>
        <span className={classes.probability}>
          <Probability value={failureProbability} />
        </span>
        <span className={classes.state}>
          <StateBadge state={ticket.state} />
        </span>
        <span className={classes.age} title={formatMoment(ticket.openedAt, now)}>
          {formatAge(ticket.openedAt, now)}
        </span>
      </Link>
    </li>
  )
}
