import { type Insertable, type Selectable, sql, type Transaction } from 'kysely'
import { actByAsOf } from '../../core/actBy.ts'
import type { ListedTicket, Prediction, Ticket } from '../../core/ticket.ts'
import type { Database, TicketTable } from '../db/schema.ts'
import { toOutbox } from '../outgoing/outbox.ts'

export type TicketRow = Selectable<TicketTable>
export type Trx = Transaction<Database>

/** Who speaks in the history when no person does. */
export const policyActor = 'policy'

const orNull = (value: string | null) => (value === null ? null : Number(value))

/** A ticket's row without its evidence. */
export type ListedRow = Omit<TicketRow, 'prediction'> & { readonly prediction: ListedTicket['prediction'] }

/** As it is read at `now`, ms. */
export const toTicket = (row: TicketRow, now: number): Ticket => ({
  ...toListed(row, now),
  prediction: row.prediction,
})

export const toListed = (row: ListedRow, now: number): ListedTicket => ({
  id: row.id,
  device: row.device,
  site: row.site,
  assetType: row.asset_type,
  mode: row.mode,
  state: row.state,
  version: row.version,
  openedAt: Number(row.opened_at),
  updatedAt: Number(row.updated_at),
  closedAt: orNull(row.closed_at),
  scheduledFor: orNull(row.scheduled_for),
  verdict: row.verdict,
  verdictMode: row.verdict_mode,
  prediction: row.prediction,
  predictions: row.predictions,
  publishToTicketMs: row.publish_to_ticket_ms,
  priority: row.assessment?.priority ?? null,
  // What was not too late when it was finished does not become so.
  actBy: row.assessment?.actBy ? actByAsOf(row.assessment.actBy, orNull(row.closed_at) ?? now) : null,
  automation: row.automation,
  mergedInto: row.merged_into,
  splitFrom: row.split_from,
})

/** A new ticket's row. */
export const toRow = (prediction: Prediction, now: number): Insertable<TicketTable> => ({
  device: prediction.device,
  site: prediction.site,
  asset_type: prediction.assetType,
  mode: prediction.mode,
  state: 'open',
  version: 1,
  opened_at: now,
  updated_at: now,
  prediction: JSON.stringify(prediction),
  predictions: 1,
  automation: prediction.automation ?? 'automatic',
})

/** Whoever gives a device's open ticket its place takes turns, on a server with many sessions, too. */
export const takeTurns = (trx: Trx, device: string) =>
  sql`SELECT pg_advisory_xact_lock(hashtext(${`forewarn ${device}`}))`.execute(trx)

/** A ticket's row once it says how pressing it is and until when to act. */
export type Assessed = (trx: Trx, row: TicketRow) => Promise<TicketRow>
export const asItIs: Assessed = async (_trx, row) => row

export interface Happening {
  readonly ticket: number
  readonly at: number
  readonly actor: string
  readonly kind: string
  readonly detail: Record<string, unknown>
  /** The ticket's after what happened. */
  readonly version?: number | undefined
}

/**
 * Adds to the append-only history, and to the messages that leave, within the transaction of the change it tells of; the
 * ticket's row has to be as it is afterwards already.
 */
export async function record(trx: Trx, happening: Happening): Promise<void> {
  await trx
    .insertInto('forewarn.ticket_event')
    .values({ ...happening, detail: JSON.stringify(happening.detail) })
    .execute()
  await toOutbox(trx, happening)
}
