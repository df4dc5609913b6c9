import type { Selectable } from 'kysely'
import type { Delivery, OutgoingMessage, OutgoingTicket, Receiver } from '../../core/outgoing.ts'
import type { DeliveryTable, OutboxTable, ReceiverTable } from '../db/schema.ts'
import { type TicketRow, toTicket } from '../tickets/rows.ts'

export const toReceiver = (row: Selectable<ReceiverTable>): Receiver => ({
  id: row.id,
  settings: row.settings,
  createdAt: Number(row.created_at),
  failures: row.failures,
  dueAt: Number(row.due_at),
})

export const toMessage = (row: Selectable<OutboxTable>): OutgoingMessage => ({
  id: row.uid,
  event: row.event,
  at: Number(row.at),
  actor: row.actor,
  detail: row.detail,
  ticket: row.ticket && ticketIn(row.ticket, Number(row.at)),
  facts: row.facts,
})

/** The outbox keeps the ticket's row as JSON, without its evidence: what `toTicket` makes of it has none either. */
const ticketIn = (row: Record<string, unknown>, at: number): OutgoingTicket =>
  toTicket(row as unknown as TicketRow, at)

export interface DeliveryRow
  extends Pick<Selectable<DeliveryTable>, 'id' | 'receiver' | 'queued_at' | 'state' | 'tries'> {
  readonly uid: string
  readonly event: OutgoingMessage['event']
  readonly ticket: number | null
}

export const toDelivery = (row: DeliveryRow): Delivery => ({
  id: Number(row.id),
  receiver: row.receiver,
  message: row.uid,
  event: row.event,
  ticket: row.ticket,
  queuedAt: Number(row.queued_at),
  state: row.state,
  tries: row.tries,
})
