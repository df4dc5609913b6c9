import { sql } from 'kysely'
import { ForewarnError } from '../../core/errors.ts'
import type { TicketMerging } from '../../core/ports.ts'
import { isFinished } from '../../core/ticket.ts'
import { lockTicket } from './change.ts'
import { assertFresh } from './meanwhile.ts'
import { record, type TicketRow, type Trx, takeTurns } from './rows.ts'

export interface Merged {
  /** Finished: what it has stays readable in it. */
  readonly source: TicketRow
  /** Goes on with it. */
  readonly target: TicketRow
}

/**
 * Puts a ticket into another one of the same device, or into a disturbance of its site. What comes of the merged one's
 * alarm goes to the other from now on. Throws TICKET_UNKNOWN, TICKET_STALE, TICKET_TRANSITION, TICKETS_UNRELATED.
 */
export async function mergeTickets(trx: Trx, id: number, wish: TicketMerging, now: number): Promise<Merged> {
  const { source, target } = await lockBoth(trx, id, wish.into)
  await assertFresh(trx, source, wish.version)
  for (const { state } of [source, target]) {
    if (!isFinished(state)) continue
    const allowed = 'open tickets can be merged; reopen it first'
    throw new ForewarnError('TICKET_TRANSITION', { from: state, to: 'merged', allowed })
  }
  assertRelated(source, target)
  const { actor, note } = wish
  const finished = await trx
    .updateTable('forewarn.ticket')
    .set({
      state: 'withdrawn',
      version: source.version + 1,
      updated_at: now,
      closed_at: now,
      merged_into: target.id,
    })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
  const goesOn = await trx
    .updateTable('forewarn.ticket')
    .set({
      version: target.version + 1,
      updated_at: now,
      predictions: target.predictions + source.predictions,
      prediction: JSON.stringify(withDevice(target, source)),
    })
    .where('id', '=', target.id)
    .returningAll()
    .executeTakeFirstOrThrow()
  await trx
    .updateTable('forewarn.seen_prediction')
    .set({ ticket: target.id })
    .where('ticket', '=', id)
    .execute()
  const said = note === undefined ? {} : { note }
  const at = { at: now, actor }
  const into = { from: source.state, reason: 'merged', into: target.id, ...said }
  await record(trx, { ...at, ticket: id, kind: 'withdrawn', detail: into, version: finished.version })
  const taken = { ticket: id, device: source.device, mode: source.mode, ...said }
  await record(trx, {
    ...at,
    ticket: target.id,
    kind: 'absorbed',
    detail: taken,
    version: goesOn.version,
  })
  return { source: finished, target: goesOn }
}

/** Both in one order, whoever merges what into what: nobody waits for somebody who waits for him. */
async function lockBoth(trx: Trx, id: number, into: number) {
  const { rows } = await sql<{ device: string }>`SELECT DISTINCT device FROM forewarn.ticket
    WHERE id IN (${id}, ${into}) ORDER BY device`.execute(trx)
  for (const { device } of rows) await takeTurns(trx, device)
  const first = await lockTicket(trx, Math.min(id, into))
  const second = await lockTicket(trx, Math.max(id, into))
  return id < into ? { source: first, target: second } : { source: second, target: first }
}

function assertRelated(source: TicketRow, target: TicketRow) {
  const refused = (problem: string) =>
    new ForewarnError('TICKETS_UNRELATED', { ticket: source.id, into: target.id, problem })
  if (source.id === target.id) throw refused('it is the same ticket')
  if (source.device === target.device) return
  if (!target.prediction.disturbance) throw refused('they are of different devices')
  if (source.site !== target.site) throw refused('they are of different sites')
}

/** A disturbance names every device whose ticket it goes on with. */
function withDevice({ prediction }: TicketRow, source: TicketRow) {
  const { disturbance } = prediction
  if (!disturbance) return prediction
  const more = source.prediction.disturbance?.devices ?? [source.device]
  const devices = [...new Set([...disturbance.devices, ...more])]
  return { ...prediction, disturbance: { ...disturbance, devices } }
}
