import type { TicketDetail, TicketEvent } from '../../api/types.ts'
import { Card } from '../../components/Card.tsx'
import { useModeLabel } from '../../components/useAssetTypes.ts'
import { eventLabel, isPerson } from '../../lib/ticketWords.ts'
import { formatMoment } from '../../lib/time.ts'
import { CommentForm } from './CommentForm.tsx'
import { eventLines, noteOf } from './eventDetail.ts'
import { foldMerges } from './foldMerges.ts'
import classes from './HistoryCard.module.css'

/** Everything that happened to the ticket, newest first, and a place to add a word. */
export function HistoryCard({ detail: { ticket, history } }: { detail: TicketDetail }) {
  const modeLabel = useModeLabel()
  const events = foldMerges(history).reverse()
  return (
    <Card title="History">
      <CommentForm id={ticket.id} />
      <ol className={classes.list} data-testid="history">
        {events.map(({ event, count }) => (
          <HistoryEntry
            key={`${event.at}-${event.kind}-${count}`}
            event={event}
            count={count}
            lines={eventLines(event, (mode) => modeLabel(ticket.assetType, mode))}
          />
        ))}
      </ol>
    </Card>
  )
}

interface HistoryEntryProps {
  readonly event: TicketEvent
  readonly count: number
  readonly lines: readonly string[]
}

function HistoryEntry({ event, count, lines }: HistoryEntryProps) {
  const note = noteOf(event.detail)
  return (
    <li className={classes.entry} data-person={isPerson(event.actor) || undefined}>
      <span className={classes.what}>
        {eventLabel(event.kind)}
        {count > 1 && <span className={classes.count}> {count} times, last</span>}
      </span>
      <span className={classes.who}>
        {event.actor}, {formatMoment(event.at)}
      </span>
      {lines.length > 0 && <span className={classes.lines}>{lines.join(' · ')}</span>}
      {note && <blockquote className={classes.note}>{note}</blockquote>}
    </li>
  )
}
