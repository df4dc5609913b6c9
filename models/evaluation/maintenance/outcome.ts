import type { LifeEnd } from '../../training/labels/timeline.ts'

/** A stretch of a device's life that was observed, times in ms. */
export interface ObservedLife {
  readonly device: string
  readonly from: number
  readonly until: number
  /** `failed` and `confirmed` end with a failure, or one that was on its way; the others without. */
  readonly end: LifeEnd
  readonly mode: string | null
  /** Newest window that a planner looked at and found nothing; null where nobody did. */
  readonly healthyUntil: number | null
}

export interface OpenedTicket {
  readonly device: string
  readonly mode: string
  /** Event time of the window that opened it, ms. */
  readonly openedAt: number
}

/**
 * What became of a ticket: `found` the machine failed within the horizon, and there was time for the repair; `late` it
 * failed sooner than the repair could be planned; `early` it failed, but after the horizon; `false` it lived on beyond the
 * horizon, or a planner found nothing; `undecided` the history ends before one can know.
 */
export type TicketOutcome = 'found' | 'late' | 'early' | 'false' | 'undecided'

export interface JudgedTicket extends OpenedTicket {
  readonly outcome: TicketOutcome
  /** From the ticket to the failure, ms; null where none followed. */
  readonly lead: number | null
}

/** A life that ended with a failure. */
export interface JudgedFailure {
  readonly life: ObservedLife
  /** `early` where tickets came only before the horizon, `missed` where none came at all. */
  readonly outcome: 'found' | 'late' | 'early' | 'missed'
  /** The ticket that tells it: the first within the horizon, else the first; null where none was opened. */
  readonly ticket: JudgedTicket | null
  /** The first ticket after which there was time for the repair, however early; null where none was. */
  readonly inTime: JudgedTicket | null
}

export interface Judged {
  readonly tickets: readonly JudgedTicket[]
  readonly failures: readonly JudgedFailure[]
}

export interface Demands {
  /** A failure within this time is worth a ticket, ms. */
  readonly horizon: number
  /** Notice that the repair of a mode needs, ms. */
  readonly requiredLead: (mode: string | null) => number
}

export const endsInFailure = ({ end }: Pick<ObservedLife, 'end'>): boolean =>
  end === 'failed' || end === 'confirmed'

/** Judges the tickets of a device, or of many, by how the lives went in which they were opened. */
export function judgeTickets(
  lives: readonly ObservedLife[],
  opened: readonly OpenedTicket[],
  demands: Demands,
): Judged {
  const tickets: JudgedTicket[] = []
  const failures: JudgedFailure[] = []
  for (const life of lives) {
    const own = opened.filter(
      (t) => t.device === life.device && t.openedAt > life.from && t.openedAt <= life.until,
    )
    const judged = own.map((ticket) => judgeOne(life, ticket, demands))
    tickets.push(...judged)
    if (endsInFailure(life)) failures.push(judgeFailure(life, judged))
  }
  return { tickets, failures }
}

function judgeFailure(life: ObservedLife, tickets: readonly JudgedTicket[]): JudgedFailure {
  const sorted = [...tickets].sort((a, b) => a.openedAt - b.openedAt)
  const ticket = sorted.find(({ outcome }) => outcome !== 'early') ?? sorted[0] ?? null
  const outcome = (ticket?.outcome ?? 'missed') as JudgedFailure['outcome']
  return { life, outcome, ticket, inTime: sorted.find((t) => t.outcome !== 'late') ?? null }
}

function judgeOne(
  life: ObservedLife,
  ticket: OpenedTicket,
  { horizon, requiredLead }: Demands,
): JudgedTicket {
  const left = life.until - ticket.openedAt
  if (endsInFailure(life)) {
    const inTime = left >= requiredLead(life.mode ?? ticket.mode)
    return { ...ticket, lead: left, outcome: left > horizon ? 'early' : inTime ? 'found' : 'late' }
  }
  const cleared = life.healthyUntil !== null && ticket.openedAt <= life.healthyUntil
  return { ...ticket, lead: null, outcome: left >= horizon || cleared ? 'false' : 'undecided' }
}

export interface TicketFigures {
  readonly tickets: number
  readonly failures: number
  /** Failures by what told them. */
  readonly found: number
  readonly late: number
  readonly toldEarly: number
  readonly missed: number
  /** Tickets before the horizon, and those that no failure followed. */
  readonly early: number
  readonly false: number
  readonly undecided: number
  /** Tickets that a failure followed within the horizon, among those that are decided; null without any. */
  readonly precision: number | null
  /** Failures that were told with the required lead; null without any. */
  readonly recall: number | null
}

export function ticketFigures({ tickets, failures }: Judged): TicketFigures {
  const count = (outcome: TicketOutcome) => tickets.filter((t) => t.outcome === outcome).length
  const told = (outcome: JudgedFailure['outcome']) => failures.filter((f) => f.outcome === outcome).length
  const right = count('found') + count('late')
  const decided = tickets.length - count('undecided')
  return {
    tickets: tickets.length,
    failures: failures.length,
    found: told('found'),
    late: told('late'),
    toldEarly: told('early'),
    missed: told('missed'),
    early: count('early'),
    false: count('false'),
    undecided: count('undecided'),
    precision: decided > 0 ? right / decided : null,
    recall: failures.length > 0 ? told('found') / failures.length : null,
  }
}
