import { Link } from 'wouter'
import type { Ticket } from '../../../api/types.ts'
import { ActBy } from '../../../components/ActBy.tsx'
import { PriorityMark } from '../../../components/PriorityMark.tsx'
import { SuggestBadge } from '../../../components/SuggestBadge.tsx'
import { StepProblem } from '../../../components/steps/StepProblem.tsx'
import { useTicketSteps } from '../../../components/steps/useTicketSteps.tsx'
import { lifeUnitOf, useAssetTypes, useModeLabel } from '../../../components/useAssetTypes.ts'
import { lifeLeft } from '../../../lib/interval.ts'
import { links } from '../../../lib/links.ts'
import { formatMoment } from '../../../lib/time.ts'
import classes from './Board.module.css'
import { StepMenu } from './StepMenu.tsx'

export function TicketCard({ ticket, now }: { ticket: Ticket; now: number }) {
  const steps = useTicketSteps(ticket)
  const modeLabel = useModeLabel()
  const type = useAssetTypes().get(ticket.assetType)
  return (
    <li
      className={classes.card}
      data-priority={ticket.priority?.level}
      data-testid={`card-${ticket.id}`}
      data-state={ticket.state}
    >
      <div className={classes.top}>
        <PriorityMark priority={ticket.priority} />
        <span className={classes.minor}>
          #{ticket.id}
          <SuggestBadge ticket={ticket} />
        </span>
        <StepMenu ticket={ticket} steps={steps} />
      </div>
      <Link href={links.ticket(ticket.id)} className={classes.mode}>
        {modeLabel(ticket.assetType, ticket.mode)}
      </Link>
      <span>
        {ticket.device} <span className={classes.minor}>{ticket.site}</span>
      </span>
      <div className={classes.dates}>
        <span>
          <span className={classes.minor}>Act by</span>
          <ActBy ticket={ticket} now={now} />
        </span>
        {ticket.scheduledFor !== null && (
          <span>
            <span className={classes.minor}>Planned for</span>
            {formatMoment(ticket.scheduledFor, now)}
          </span>
        )}
      </div>
      {type && <span className={classes.minor}>{lifeLeft(ticket.prediction.rul, lifeUnitOf(type))}</span>}
      <StepProblem steps={steps} />
      {steps.dialogs}
    </li>
  )
}
