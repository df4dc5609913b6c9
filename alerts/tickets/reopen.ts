import { ForewarnError } from '../../core/errors.ts'
import type { TicketReopening } from '../../core/ports.ts'
import { isFinished } from '../../core/ticket.ts'
import { assertPlaceFree, lockTicket } from './change.ts'
import { assertFresh } from './meanwhile.ts'
import { record, type TicketRow, type Trx } from './rows.ts'

/**
 * A finished ticket is worked on again: its verdict was wrong, or the policy withdrew it too soon. Somebody has it now,
 * so that the policy leaves it alone. Throws TICKET_UNKNOWN, TICKET_STALE, TICKET_TRANSITION.
 */
export async function reopen(trx: Trx, id: number, wish: TicketReopening, now: number): Promise<TicketRow> {
  const { actor, version, reason } = wish
  const current = await lockTicket(trx, id)
  await assertFresh(trx, current, version)
  assertReopenable(current)
  await assertPlaceFree(trx, current, 'acknowledged')
  const row = await trx
    .updateTable('forewarn.ticket')
    .set({
      state: 'acknowledged',
      version: current.version + 1,
      updated_at: now,
      closed_at: null,
      verdict: null,
      verdict_mode: null,
    })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
  const { state: from, verdict } = current
  const detail = { from, note: reason, ...(verdict && { formerVerdict: verdict }) }
  await record(trx, { ticket: id, at: now, actor, kind: 'reopened', detail, version: row.version })
  return row
}

function assertReopenable({ state, merged_into: into }: TicketRow) {
  const refused = (allowed: string) =>
    new ForewarnError('TICKET_TRANSITION', { from: state, to: 'reopened', allowed })
  if (!isFinished(state)) throw refused('it is not finished; go on with it')
  if (into !== null) throw refused(`nothing, ticket ${into} goes on with it; split it from there`)
}
