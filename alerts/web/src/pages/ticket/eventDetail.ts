import type { TicketEvent } from '../../api/types.ts'
import { formatProbability } from '../../lib/format.ts'
import { reasonWords, verdictLabels } from '../../lib/ticketWords.ts'
import { formatMoment } from '../../lib/time.ts'

type Label = (mode: string) => string
type Detail = TicketEvent['detail']

const isVerdict = (value: unknown): value is keyof typeof verdictLabels =>
  typeof value === 'string' && value in verdictLabels

/** What a person chose when acting. */
function choices(detail: Detail, label: Label): (string | false)[] {
  return [
    typeof detail.scheduledFor === 'number' && `For ${formatMoment(detail.scheduledFor)}`,
    isVerdict(detail.verdict) && verdictLabels[detail.verdict],
    typeof detail.verdictMode === 'string' && label(detail.verdictMode),
    typeof detail.name === 'string' && detail.name,
    typeof detail.into === 'number' && `Into ticket #${detail.into}`,
    typeof detail.ticket === 'number' && `Ticket #${detail.ticket}`,
    typeof detail.splitFrom === 'number' && `Split off from ticket #${detail.splitFrom}`,
    typeof detail.device === 'string' && detail.device,
  ]
}

/** What a forecast brought; one that was merged only repeats the mode and the reason. */
function forecast({ kind, detail }: Pick<TicketEvent, 'kind' | 'detail'>, label: Label): (string | false)[] {
  const { mode, formerMode, failureProbability, reason } = detail
  const suspicion =
    typeof formerMode === 'string' ? `From ${label(formerMode)} to ${label(String(mode))}` : null
  return [
    kind !== 'merged' && typeof mode === 'string' && (suspicion ?? label(mode)),
    typeof failureProbability === 'number' && `Failure probability ${formatProbability(failureProbability)}`,
    kind !== 'merged' && typeof reason === 'string' && reasonWords(reason),
  ]
}

/** What an event of the history adds to its kind, as short lines; the note of a person stands apart. */
export const eventLines = (event: Pick<TicketEvent, 'kind' | 'detail'>, label: Label): string[] =>
  [...choices(event.detail, label), ...forecast(event, label)].filter((line) => line !== false)

export const noteOf = (detail: Detail): string | null =>
  typeof detail.note === 'string' && detail.note !== '' ? detail.note : null
