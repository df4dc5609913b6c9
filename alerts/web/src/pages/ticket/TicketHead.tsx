import { Anchor } from '@mantine/core'
import { Link } from 'wouter'
import type { TicketDetail } from '../../api/types.ts'
import { IconArrowLeft } from '../../components/icons.ts'
import { LifeBar } from '../../components/LifeBar.tsx'
import { PriorityMark } from '../../components/PriorityMark.tsx'
import { StateBadge } from '../../components/StateBadge.tsx'
import { lifeUnitOf, useAssetTypes, useModeLabel } from '../../components/useAssetTypes.ts'
import { useNow } from '../../components/useNow.ts'
import { formatProbability } from '../../lib/format.ts'
import { lifeLeft, usageUnit } from '../../lib/interval.ts'
import { links } from '../../lib/links.ts'
import { priorityOf } from '../../lib/priority.ts'
import { verdictLabels } from '../../lib/ticketWords.ts'
import { formatAge, formatMoment } from '../../lib/time.ts'
import { livesInThePast, whenWords } from '../../lib/whenWords.ts'
import { TicketActions } from './TicketActions.tsx'
import classes from './TicketHead.module.css'

/** What will fail, where, when, and what can be done about the ticket now. */
export function TicketHead({ detail }: { detail: TicketDetail }) {
  const { ticket } = detail
  const now = useNow()
  const modeLabel = useModeLabel()
  const type = useAssetTypes().get(ticket.assetType)
  return (
    <header className={classes.head}>
      <Anchor component={Link} href={links.tickets} className={classes.back}>
        <IconArrowLeft size={15} aria-hidden /> Tickets
      </Anchor>
      <div className={classes.top}>
        <div>
          <h1 className={classes.title}>
            <span className={classes.number}>#{ticket.id}</span> {modeLabel(ticket.assetType, ticket.mode)} on{' '}
            <Link href={links.device(ticket.device)} className={classes.device}>
              {ticket.device}
            </Link>
          </h1>
          <div className={classes.marks}>
            <StateBadge state={ticket.state} />
            <PriorityMark priority={priorityOf(ticket)} why={ticket.priority?.argument} />
            <span>
              {type?.label ?? ticket.assetType} · {ticket.site}
            </span>
            <span title={formatMoment(ticket.openedAt, now)}>opened {formatAge(ticket.openedAt, now)}</span>
          </div>
        </div>
        <TicketActions detail={detail} />
      </div>
      <Forecast detail={detail} now={now} />
      <Outcome detail={detail} />
    </header>
  )
}

function Forecast({ detail: { ticket, horizon }, now }: { detail: TicketDetail; now: number }) {
  const type = useAssetTypes().get(ticket.assetType)
  if (!type) return null
  const life = lifeUnitOf(type)
  const { rul, windowEnd, failureProbability, basis } = ticket.prediction
  return (
    <div className={classes.forecast}>
      <div className={classes.figure}>
        <span className={classes.name}>Time left, 80 % interval</span>
        <span className={classes.value} data-testid="ticket-interval">
          {lifeLeft(rul, life)}
        </span>
        <LifeBar rul={rul} life={life} />
        {basis === 'trend' && (
          <span className={classes.note}>not learned yet: trend of the health index</span>
        )}
      </div>
      <div className={classes.figure}>
        <span className={classes.name}>Expected failure</span>
        <span className={classes.value}>{whenWords(windowEnd, rul, life, now)}</span>
        {livesInThePast(windowEnd, now) && (
          <span className={classes.note}>by the machine's clock, now at {formatMoment(windowEnd, now)}</span>
        )}
      </div>
      <div className={classes.figure}>
        <span className={classes.name}>
          Failure within {horizon ?? type.horizon} {usageUnit(life.unit)}
        </span>
        <span className={classes.value}>{formatProbability(failureProbability)}</span>
        <span className={classes.note}>
          {ticket.predictions === 1 ? 'first forecast' : `newest of ${ticket.predictions} forecasts`}
        </span>
      </div>
    </div>
  )
}

/** What was planned and found, as far as the ticket has come. */
function Outcome({ detail: { ticket } }: { detail: TicketDetail }) {
  const modeLabel = useModeLabel()
  const lines = [
    ticket.scheduledFor !== null && `Work is planned for ${formatMoment(ticket.scheduledFor)}.`,
    ticket.verdict !== null &&
      `Verdict: ${verdictLabels[ticket.verdict]}${
        ticket.verdictMode ? ` (${modeLabel(ticket.assetType, ticket.verdictMode)})` : ''
      }.`,
  ].filter(Boolean)
  return lines.length > 0 ? <p className={classes.outcome}>{lines.join(' ')}</p> : null
}
