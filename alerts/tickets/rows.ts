import { type Insertable, type Selectable, sql, type Transaction } from 'kysely'
import type { Prediction, Ticket } from '../../core/ticket.ts'
import type { Database, TicketTable } from '../db/schema.ts'

export type TicketRow = Selectable<TicketTable>
export type Trx = Transaction<Database>

/** Who speaks in the history when no person does. */
export const policyActor = 'policy'

const orNull = (value: string | null) => (value === null ? null : Number(value))

export const toTicket = (row: TicketRow): Ticket => ({
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
})

/** Whoever gives a device's open ticket its place takes turns, on a server with many sessions, too. */
export const takeTurns = (trx: Trx, device: string) =>
  sql`SELECT pg_advisory_xact_lock(hashtext(${`forewarn ${device}`}))`.execute(trx)

export interface Happening {
  readonly ticket: number
  readonly at: number
  readonly actor: string
  readonly kind: string
  readonly detail: Record<string, unknown>
}

/** Adds to the append-only history, within the transaction of the change it tells of. */
export async function record(trx: Trx, { detail, ...happening }: Happening): Promise<void> {
  await trx
    .insertInto('forewarn.ticket_event')
    .values({ ...happening, detail: JSON.stringify(detail) })
    .execute()
}
