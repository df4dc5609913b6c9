import { ForewarnError } from '../../core/errors.ts'
import {
  assertTransition,
  isFinished,
  type TicketChange,
  type TicketState,
  transitions,
} from '../../core/ticket.ts'
import { assertFresh } from './meanwhile.ts'
import { record, type TicketRow, type Trx, takeTurns } from './rows.ts'

/** The ticket, locked until the transaction ends. Throws TICKET_UNKNOWN. */
export async function lockTicket(trx: Trx, id: number): Promise<TicketRow> {
  const row = await trx
    .selectFrom('forewarn.ticket')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw new ForewarnError('TICKET_UNKNOWN', { ticket: id })
  return row
}

/** A planner's action. Throws TICKET_UNKNOWN, TICKET_STALE, TICKET_TRANSITION, TICKET_VERDICT_MISSING. */
export async function change(trx: Trx, id: number, wish: TicketChange, now: number): Promise<TicketRow> {
  const current = await lockTicket(trx, id)
  await assertFresh(trx, current, wish.version)
  assertTransition(current.state, wish.to)
  assertVerdict(wish)
  if (isFinished(current.state) && !isFinished(wish.to)) await assertPlaceFree(trx, current, wish.to)
  const row = await trx
    .updateTable('forewarn.ticket')
    .set(columnsOf(current, wish, now))
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
  await record(trx, {
    ticket: id,
    at: now,
    actor: wish.actor,
    kind: wish.to,
    detail: detailOf(current, wish),
    version: row.version,
  })
  return row
}

function assertVerdict({ to, verdict, verdictMode }: TicketChange) {
  if (to !== 'resolved') return
  if (verdict === undefined || (verdict === 'confirmed' && !verdictMode)) {
    throw new ForewarnError('TICKET_VERDICT_MISSING')
  }
}

/** Reopening takes the place of "the one open ticket" again, unless another ticket has it by now. */
export async function assertPlaceFree(trx: Trx, current: TicketRow, to: TicketState) {
  await takeTurns(trx, current.device)
  const other = await trx
    .selectFrom('forewarn.ticket')
    .select('id')
    .where('device', '=', current.device)
    .where('mode', '=', current.mode)
    .where('closed_at', 'is', null)
    .executeTakeFirst()
  if (!other) return
  const ways = transitions[current.state].filter((state) => state !== to).join(', ')
  const allowed = `${ways}; ticket ${other.id} is already open for this device and failure mode, work on that one`
  throw new ForewarnError('TICKET_TRANSITION', { from: current.state, to, allowed })
}

/** What a change sets: a verdict belongs to resolving and is taken back by reopening. */
function columnsOf(current: TicketRow, wish: TicketChange, now: number) {
  const finished = isFinished(wish.to)
  const resolved = wish.to === 'resolved'
  return {
    state: wish.to,
    version: current.version + 1,
    updated_at: now,
    closed_at: finished ? Number(current.closed_at ?? now) : null,
    ...(wish.scheduledFor === undefined ? {} : { scheduled_for: wish.scheduledFor }),
    ...(resolved ? { verdict: wish.verdict!, verdict_mode: confirmedMode(wish) } : {}),
    ...(finished ? {} : { verdict: null, verdict_mode: null }),
  }
}

const confirmedMode = ({ verdict, verdictMode }: TicketChange) =>
  verdict === 'confirmed' ? verdictMode! : null

const detailOf = (current: TicketRow, { note, scheduledFor, verdict, verdictMode }: TicketChange) => ({
  from: current.state,
  ...(note === undefined ? {} : { note }),
  ...(scheduledFor === undefined ? {} : { scheduledFor }),
  ...(verdict === undefined ? {} : { verdict }),
  ...(verdictMode === undefined ? {} : { verdictMode }),
})
