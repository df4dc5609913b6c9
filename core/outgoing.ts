import type { Prediction, Ticket } from './ticket.ts'

/** What can happen to a ticket that a receiver may want to hear of: the kinds of its history. */
export const outgoingEvents = [
  'opened',
  'merged',
  'revised',
  'acknowledged',
  'scheduled',
  'in_progress',
  'resolved',
  'closed',
  'withdrawn',
  'commented',
  'reopened',
  'absorbed',
  'split',
  'attached',
  'detached',
] as const
export type OutgoingEvent = (typeof outgoingEvents)[number]

/** What a receiver hears of unless it says otherwise: each step once, but not every further window of evidence. */
export const usualEvents: readonly OutgoingEvent[] = ['opened', 'revised', 'resolved', 'withdrawn']

interface Wishes {
  readonly name: string
  /** Switched off, nothing new is queued for it, and what waits stays. */
  readonly enabled: boolean
  readonly events: readonly OutgoingEvent[]
  /** Empty: of every site, asset type, priority. */
  readonly sites: readonly string[]
  readonly assetTypes: readonly string[]
  readonly priorities: readonly string[]
}

export interface WebhookSettings extends Wishes {
  readonly kind: 'webhook'
  readonly url: string
  /** Base64 of 24 to 64 bytes, with or without `whsec_` before it. */
  readonly secret: string
}

export interface EmailSettings extends Wishes {
  readonly kind: 'email'
  readonly to: readonly string[]
}

export type ReceiverSettings = WebhookSettings | EmailSettings

export interface Receiver {
  readonly id: number
  readonly settings: ReceiverSettings
  readonly createdAt: number
  /** Tries in a row that failed; 0 while it answers. */
  readonly failures: number
  /** Nothing is tried before, ms; in the past while it answers. */
  readonly dueAt: number
}

/** A ticket as it stood when something happened to it; its evidence window stays here. */
export type OutgoingTicket = Omit<Ticket, 'prediction'> & {
  readonly prediction: Omit<Prediction, 'evidence'>
}

/** What a ticket's row does not hold, worked out when the message was queued; absent where it is not known. */
export interface TicketFacts {
  readonly priority?: string | undefined
  /** ms since the epoch. */
  readonly actBy?: number | undefined
}

/** Something to be told. The same `id` at every try and to every receiver: whoever hears it twice can tell. */
export interface OutgoingMessage {
  /** `msg_` and a UUID. */
  readonly id: string
  readonly event: OutgoingEvent | 'test'
  readonly at: number
  readonly actor: string
  readonly detail: Readonly<Record<string, unknown>>
  /** Null in a test. */
  readonly ticket: OutgoingTicket | null
  readonly facts: TicketFacts
}

export const deliveryStates = ['pending', 'delivered', 'given_up'] as const
export type DeliveryState = (typeof deliveryStates)[number]

/** What came of one try. */
export interface DeliveryTry {
  readonly at: number
  readonly ok: boolean
  /** HTTP status or SMTP reply code; null where nobody answered. */
  readonly code: number | null
  /** Why it failed; null where it did not. */
  readonly problem: string | null
  /** The first 1,000 bytes of the answer, read as UTF-8. */
  readonly answer: string
  readonly ms: number
}

/** A message on its way to one receiver. */
export interface Delivery {
  readonly id: number
  readonly receiver: number
  readonly message: string
  readonly event: OutgoingMessage['event']
  readonly ticket: number | null
  readonly queuedAt: number
  readonly state: DeliveryState
  /** Oldest first, at most the newest twenty. */
  readonly tries: readonly DeliveryTry[]
}

export const wants = ({ settings }: Pick<Receiver, 'settings'>, message: OutgoingMessage): boolean => {
  const { enabled, events, sites, assetTypes, priorities } = settings
  const { event, ticket, facts } = message
  if (!enabled || ticket === null || event === 'test' || !events.includes(event)) return false
  const passes = (wanted: readonly string[], value: string | undefined) =>
    wanted.length === 0 || value === undefined || wanted.includes(value)
  return (
    passes(sites, ticket.site) && passes(assetTypes, ticket.assetType) && passes(priorities, facts.priority)
  )
}
