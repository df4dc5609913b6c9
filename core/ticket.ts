import type { ActBy } from './actBy.ts'
import { ForewarnError } from './errors.ts'
import type { TicketPriority } from './priority.ts'
import type { ForecastBasis, RulQuantiles } from './score.ts'

export const ticketStates = [
  'open',
  'acknowledged',
  'scheduled',
  'in_progress',
  'resolved',
  'closed',
  'withdrawn',
] as const
export type TicketState = (typeof ticketStates)[number]

/** Who may act on a ticket: `suggest` waits for a planner's word, `automatic` goes out by itself. */
export type Automation = 'suggest' | 'automatic'

export const verdicts = ['confirmed', 'no_fault_found', 'false_alarm', 'not_inspected'] as const
export type Verdict = (typeof verdicts)[number]

/** Verdicts that somebody gave who has looked. */
export const tellingVerdicts = ['confirmed', 'no_fault_found', 'false_alarm'] as const satisfies Verdict[]

/** Whether a verdict says if the ticket was right. */
export const saysSomething = (verdict: Verdict | null): boolean =>
  tellingVerdicts.some((telling) => telling === verdict)

/** Which state may follow which. `withdrawn` is the policy's, and only before anyone touched the ticket. */
export const transitions: Readonly<Record<TicketState, readonly TicketState[]>> = {
  open: ['acknowledged', 'scheduled', 'in_progress', 'resolved', 'withdrawn'],
  acknowledged: ['scheduled', 'in_progress', 'resolved'],
  scheduled: ['in_progress', 'resolved', 'scheduled'],
  in_progress: ['scheduled', 'resolved'],
  resolved: ['closed', 'in_progress'],
  closed: [],
  withdrawn: [],
}

/** Throws TICKET_TRANSITION with the possible ways. */
export function assertTransition(from: TicketState, to: TicketState): void {
  if (transitions[from].includes(to)) return
  const allowed = transitions[from].join(', ') || 'nothing, this ticket is finished'
  throw new ForewarnError('TICKET_TRANSITION', { from, to, allowed })
}

/** A ticket no longer holds the place of "the one open ticket" of its device and mode in these states. */
export const isFinished = (state: TicketState): boolean => ['resolved', 'closed', 'withdrawn'].includes(state)

/** The mode of a ticket about many devices of a site that raised at once. */
export const disturbanceMode = 'disturbance'

/** What the policy sends to the queue when it decides to raise. `id` makes it idempotent. */
export interface Prediction {
  /** Same deciding window, same id. */
  readonly id: string
  readonly device: string
  readonly site: string
  readonly assetType: string
  readonly mode: string
  readonly decidedAt: number
  /** Event time of the deciding window's end, ms. */
  readonly windowEnd: number
  /** Window end at which the alarm behind it was raised, ms: with the device the name of the alarm's episode. */
  readonly raisedAt: number
  /** Named reason of the decision. */
  readonly reason: string
  readonly anomaly: number
  readonly failureProbability: number
  readonly rul: RulQuantiles
  /** Absent in predictions from before it was told: learned. */
  readonly basis?: ForecastBasis | undefined
  readonly contributions: Readonly<Record<string, number>>
  readonly model: string
  /** ms, or null where the publisher does not say. */
  readonly publishedAt: number | null
  /** What it says of a whole site, where many of its devices raised at once; its mode is `disturbance` then. */
  readonly disturbance?: { readonly site: string; readonly devices: readonly string[] } | undefined
  /** How far the ticket may act by itself; left out: automatic. */
  readonly automation?: Automation | undefined
  readonly evidence: {
    /** Base64 of the little-endian Float32 window. */
    readonly window: string
    readonly rows: number
    readonly channels: readonly string[]
    readonly times: readonly number[]
    readonly sha256: string
    readonly backend: string
    readonly simd: boolean
  }
}

export interface TicketEvent {
  readonly at: number
  readonly actor: string
  /**
   * opened, merged, revised, acknowledged, scheduled, in_progress, resolved, closed, withdrawn, commented, reopened,
   * absorbed (another ticket was merged into it), split, attached, detached
   */
  readonly kind: string
  readonly detail: Readonly<Record<string, unknown>>
}

export interface Ticket {
  /** Short running number, as people say it: 17. */
  readonly id: number
  readonly device: string
  readonly site: string
  readonly assetType: string
  /** Never null: `unknown` is a mode. */
  readonly mode: string
  readonly state: TicketState
  /** Optimistic version: an edit names the version it saw. */
  readonly version: number
  readonly openedAt: number
  readonly updatedAt: number
  readonly closedAt: number | null
  readonly scheduledFor: number | null
  readonly verdict: Verdict | null
  readonly verdictMode: string | null
  /** Newest prediction behind it. */
  readonly prediction: Prediction
  /** Predictions merged into it, the first included. */
  readonly predictions: number
  /** Ticket committed minus `publishedAt` of the last reading in the deciding window, ms. */
  readonly publishToTicketMs: number | null
  /** Null in tickets that were finished before there were priorities. */
  readonly priority: TicketPriority | null
  /** Null where the catalogue no longer has the asset type, too. */
  readonly actBy: ActBy | null
  readonly automation: Automation
  /** The ticket that goes on with it. */
  readonly mergedInto: number | null
  /** The ticket that it was a part of. */
  readonly splitFrom: number | null
}

/** A ticket as it stands in a list: its evidence is asked for by itself. */
export interface ListedTicket extends Omit<Ticket, 'prediction'> {
  readonly prediction: Omit<Prediction, 'evidence'>
}

/** What a planner does to a ticket. */
export interface TicketChange {
  readonly to: TicketState
  readonly actor: string
  /** The version the planner saw. */
  readonly version: number
  readonly note?: string | undefined
  readonly scheduledFor?: number | undefined
  readonly verdict?: Verdict | undefined
  readonly verdictMode?: string | undefined
}
