import type { OutgoingMessage, OutgoingTicket } from '../../core/outgoing.ts'

/** The body of a webhook, as docs/webhooks.md describes it. */
export interface WebhookBody {
  /** `ticket.opened`, or `test`. */
  readonly type: string
  /** When it happened, ISO 8601. */
  readonly timestamp: string
  readonly data: {
    readonly actor: string
    readonly detail: Readonly<Record<string, unknown>>
    readonly ticket: OutgoingTicket | null
    /** The page of the ticket. */
    readonly link: string
  }
}

export const bodyOf = (message: OutgoingMessage, pageUrl: string): WebhookBody => ({
  type: message.event === 'test' ? 'test' : `ticket.${message.event}`,
  timestamp: new Date(message.at).toISOString(),
  data: {
    actor: message.actor,
    detail: message.detail,
    ticket: message.ticket,
    link: linkTo(message, pageUrl),
  },
})

/** The ticket's page; the first page in a test. */
export const linkTo = ({ ticket }: Pick<OutgoingMessage, 'ticket'>, pageUrl: string): string =>
  ticket === null ? `${pageUrl.replace(/\/$/, '')}/` : `${pageUrl.replace(/\/$/, '')}/tickets/${ticket.id}`
