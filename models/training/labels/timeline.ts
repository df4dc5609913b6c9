import type { LifeEvent } from '../../../core/device.ts'
import { isFinished, type Prediction, type Ticket } from '../../../core/ticket.ts'

/** What labels need of a life event; `mode` where it says what failed. */
export type LifeMoment = Pick<LifeEvent, 'device' | 'time' | 'kind'> & { readonly mode?: string | undefined }

/** What labels need of a ticket. */
export type TicketLabel = Pick<Ticket, 'device' | 'mode' | 'state' | 'verdict' | 'verdictMode'> & {
  readonly prediction: Pick<Prediction, 'raisedAt' | 'windowEnd'>
}

/**
 * How a stretch of a device's life ended: `failed` it ran to failure; `confirmed` it was repaired after a ticket that a
 * planner confirmed, so that a failure was on its way; `renewed` it was repaired or replaced for another reason;
 * `stopped` by plan; `running` it has not ended.
 */
export const lifeEnds = ['failed', 'confirmed', 'renewed', 'stopped', 'running'] as const
export type LifeEnd = (typeof lifeEnds)[number]

/** A stretch of a device's life between two events, times in ms. */
export interface LifePart {
  /** Its readings have `after < time <= until`. */
  readonly after: number
  readonly until: number
  readonly end: LifeEnd
  /** Failure mode that an event or a planner named; null where nobody did. */
  readonly mode: string | null
  /** From here on it is not known to be healthy: a ticket was raised that is confirmed, or not judged yet. */
  readonly suspectFrom: number | null
  /** Newest window that a planner looked at and found nothing (false alarm, no fault found). */
  readonly healthyUntil: number | null
}

/** A stretch whose readings say nothing: what the machine was is not known. */
export interface UnknownPart {
  readonly after: number
  readonly until: number
  readonly why: 'failed and not repaired yet' | 'confirmed and no repair told'
}

export interface Timeline {
  readonly parts: readonly LifePart[]
  readonly unknown: readonly UnknownPart[]
}

/** Events at one moment are read in this order: what ends a life before what begins the next. */
const order: readonly LifeEvent['kind'][] = ['failed', 'planned_stop', 'repaired', 'replaced', 'installed']

/**
 * A device's life events and the verdicts of its tickets as labels. A repair, a replacement or an installation begins a
 * new life; after a failure nothing counts until one of them; after a planned stop the same machine runs on, but what
 * was before it is only known to have lived so long.
 */
export function timelineOf(events: readonly LifeMoment[], tickets: readonly TicketLabel[]): Timeline {
  const parts: LifePart[] = []
  const unknown: UnknownPart[] = []
  let after = Number.NEGATIVE_INFINITY
  let failed = false
  const sorted = [...events].sort((a, b) => a.time - b.time || order.indexOf(a.kind) - order.indexOf(b.kind))
  for (const event of sorted) {
    const until = lastMoment(event)
    if (event.kind === 'failed') {
      if (!failed) parts.push(failedPart(event, after, until, tickets))
      else unknown.push({ after, until, why: 'failed and not repaired yet' })
      failed = true
    } else if (failed) {
      unknown.push({ after, until, why: 'failed and not repaired yet' })
      failed = event.kind === 'planned_stop'
    } else parts.push(endedPart(event.kind, after, until, tickets))
    after = until
  }
  const until = Number.POSITIVE_INFINITY
  if (failed) unknown.push({ after, until, why: 'failed and not repaired yet' })
  else addRunning(parts, unknown, after, tickets)
  return { parts, unknown }
}

/** A reading at the very moment belongs to the machine that failed, stopped or is repaired, but to a new one's life. */
const lastMoment = ({ kind, time }: LifeMoment): number =>
  kind === 'installed' || kind === 'replaced' ? time - 1 : time

function failedPart(
  { mode }: LifeMoment,
  after: number,
  until: number,
  tickets: readonly TicketLabel[],
): LifePart {
  const part = partOf('failed', after, until, tickets)
  return { ...part, mode: mode ?? part.mode }
}

function endedPart(
  kind: Exclude<LifeEvent['kind'], 'failed'>,
  after: number,
  until: number,
  tickets: readonly TicketLabel[],
): LifePart {
  if (kind === 'planned_stop') return partOf('stopped', after, until, tickets)
  const part = partOf('renewed', after, until, tickets)
  const isConfirmed = confirmedIn(tickets, after, until).length > 0
  return kind === 'repaired' && isConfirmed ? { ...part, end: 'confirmed' } : part
}

/** The stretch that nothing has ended; a confirmed fault of which no repair was told ends it at its last window. */
function addRunning(
  parts: LifePart[],
  unknown: UnknownPart[],
  after: number,
  tickets: readonly TicketLabel[],
): void {
  const until = Number.POSITIVE_INFINITY
  const confirmed = confirmedIn(tickets, after, until)
  if (confirmed.length === 0) {
    parts.push(partOf('running', after, until, tickets))
    return
  }
  const lastWindow = Math.max(...confirmed.map(({ prediction }) => prediction.windowEnd))
  parts.push(partOf('confirmed', after, lastWindow, tickets))
  unknown.push({ after: lastWindow, until, why: 'confirmed and no repair told' })
}

function partOf(end: LifeEnd, after: number, until: number, tickets: readonly TicketLabel[]): LifePart {
  const within = raisedIn(tickets, after, until)
  const suspects = within.filter(({ state, verdict }) => verdict === 'confirmed' || !isFinished(state))
  const clean = within.filter(({ verdict }) => verdict === 'false_alarm' || verdict === 'no_fault_found')
  const confirmed = within.filter(({ verdict }) => verdict === 'confirmed')
  return {
    after,
    until,
    end,
    mode: confirmed.map((ticket) => ticket.verdictMode ?? ticket.mode).at(-1) ?? null,
    suspectFrom: least(suspects.map(({ prediction }) => prediction.raisedAt)),
    healthyUntil: least(
      clean.map(({ prediction }) => -prediction.windowEnd),
      -1,
    ),
  }
}

const raisedIn = (tickets: readonly TicketLabel[], after: number, until: number) =>
  tickets.filter(({ prediction }) => prediction.raisedAt > after && prediction.raisedAt <= until)

const confirmedIn = (tickets: readonly TicketLabel[], after: number, until: number) =>
  raisedIn(tickets, after, until).filter(({ verdict }) => verdict === 'confirmed')

const least = (numbers: readonly number[], sign = 1): number | null =>
  numbers.length === 0 ? null : sign * Math.min(...numbers)
