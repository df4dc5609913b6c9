import type { Ticket } from '../api/types.ts'
import { formatDuration, formatMoment } from './time.ts'
import { livesInThePast } from './whenWords.ts'

type ActBy = NonNullable<Ticket['actBy']>

/** A simulated or replayed machine has a clock of its own: dates are held against it, not against the wall's. */
const clockOf = ({ prediction }: Pick<Ticket, 'prediction'>, now: number): number =>
  livesInThePast(prediction.windowEnd, now) ? prediction.windowEnd : now

export const actByMoment = ({ at }: ActBy, now: number): string => formatMoment(at, now)

/** "in 3 d", "2 h too late": from the machine's own clock where that is not ours. */
export function actByDistance(ticket: Pick<Ticket, 'actBy' | 'prediction'>, now: number): string {
  if (!ticket.actBy) return ''
  const left = ticket.actBy.at - clockOf(ticket, now)
  return left >= 0 ? `in ${formatDuration(left)}` : `${formatDuration(left)} too late`
}
