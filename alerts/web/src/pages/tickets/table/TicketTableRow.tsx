import { Badge, Checkbox } from '@mantine/core'
import { Link } from 'wouter'
import type { Ticket } from '../../../api/types.ts'
import { ActBy } from '../../../components/ActBy.tsx'
import { LifeBar } from '../../../components/LifeBar.tsx'
import { PriorityMark } from '../../../components/PriorityMark.tsx'
import { Probability } from '../../../components/Probability.tsx'
import { StateBadge } from '../../../components/StateBadge.tsx'
import { SuggestBadge } from '../../../components/SuggestBadge.tsx'
import { lifeUnitOf, useAssetTypes, useModeLabel } from '../../../components/useAssetTypes.ts'
import { lifeLeft } from '../../../lib/interval.ts'
import { links } from '../../../lib/links.ts'
import { formatAge, formatMoment } from '../../../lib/time.ts'
import classes from './TicketTable.module.css'
import { type Chosen, isChoosable } from './useChosen.ts'

/** So long a ticket counts as new. */
const newMs = 20_000

interface TicketTableRowProps {
  readonly ticket: Ticket
  readonly chosen: Chosen
  readonly now: number
}

export function TicketTableRow({ ticket, chosen, now }: TicketTableRowProps) {
  const type = useAssetTypes().get(ticket.assetType)
  const modeLabel = useModeLabel()(ticket.assetType, ticket.mode)
  const isNew = ticket.state === 'open' && now - ticket.openedAt < newMs
  const { rul, failureProbability } = ticket.prediction
  return (
    <div
      className={classes.row}
      data-testid={`ticket-${ticket.id}`}
      data-state={ticket.state}
      data-device={ticket.device}
      data-new={isNew || undefined}
      data-priority={ticket.priority?.level}
    >
      <span className={classes.choose}>
        {(isChoosable(ticket) || chosen.tickets.has(ticket.id)) && (
          <Checkbox
            size="sm"
            aria-label={`Choose ticket ${ticket.id}`}
            checked={chosen.tickets.has(ticket.id)}
            onChange={() => chosen.toggle(ticket)}
            data-testid={`choose-${ticket.id}`}
          />
        )}
      </span>
      <span className={classes.priority}>
        <PriorityMark priority={ticket.priority} />
      </span>
      <span className={classes.what}>
        <Link href={links.ticket(ticket.id)} className={classes.mode} data-testid={`open-${ticket.id}`}>
          {modeLabel}
        </Link>
        <span className={classes.minor}>
          #{ticket.id}
          {isNew && (
            <Badge size="xs" color="orange" variant="filled" ml={8} autoContrast>
              new
            </Badge>
          )}
          <SuggestBadge ticket={ticket} />
        </span>
      </span>
      <span className={classes.machine}>
        <span>{ticket.device}</span>
        <span className={classes.minor}>{ticket.site}</span>
      </span>
      <span className={classes.actBy}>
        <ActBy ticket={ticket} now={now} />
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
    </div>
  )
}
