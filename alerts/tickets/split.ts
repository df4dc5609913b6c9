import { unknownMode } from '../../core/catalogue.ts'
import { ForewarnError } from '../../core/errors.ts'
import type { TicketSplitting } from '../../core/ports.ts'
import { isFinished, type Prediction } from '../../core/ticket.ts'
import { lockTicket } from './change.ts'
import { assertFresh } from './meanwhile.ts'
import { type Assessed, record, type TicketRow, type Trx, takeTurns, toRow } from './rows.ts'

export interface SplitOff {
  readonly source: TicketRow
  readonly part: TicketRow
}

/**
 * Makes a ticket of its own of a device in a disturbance, or of a second suspicion about a device. Throws TICKET_UNKNOWN,
 * TICKET_STALE, TICKET_TRANSITION for a finished one, TICKET_SPLIT_INVALID.
 */
export async function split(
  trx: Trx,
  id: number,
  wish: TicketSplitting,
  now: number,
  assessed: Assessed,
): Promise<SplitOff> {
  const current = await lockTicket(trx, id)
  await assertFresh(trx, current, wish.version)
  if (isFinished(current.state)) {
    const allowed = 'open tickets can be split; reopen it first'
    throw new ForewarnError('TICKET_TRANSITION', { from: current.state, to: 'split', allowed })
  }
  const { device, mode } = placeOf(current, wish)
  await takeTurns(trx, device)
  await assertFree(trx, current, device, mode)
  const { disturbance: _left, ...own } = await predictionFor(trx, current, device)
  const prediction: Prediction = { ...own, device, mode }
  const made = await trx
    .insertInto('forewarn.ticket')
    .values({ ...toRow(prediction, now), split_from: id })
    .returningAll()
    .executeTakeFirstOrThrow()
  const part = await assessed(trx, made)
  const source = await trx
    .updateTable('forewarn.ticket')
    .set({
      version: current.version + 1,
      updated_at: now,
      prediction: JSON.stringify(without(current.prediction, device)),
    })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
  const said = wish.note === undefined ? {} : { note: wish.note }
  const at = { at: now, actor: wish.actor }
  const from = { splitFrom: id, mode, prediction: prediction.id, evidenceOf: own.device, ...said }
  await record(trx, { ...at, ticket: part.id, kind: 'opened', detail: from, version: part.version })
  const told = { ticket: part.id, device, mode, ...said }
  await record(trx, { ...at, ticket: id, kind: 'split', detail: told, version: source.version })
  return { source, part }
}

/** Of which device and suspicion the new ticket is. */
function placeOf({ id, device, mode, prediction }: TicketRow, wish: TicketSplitting) {
  const { disturbance } = prediction
  if (!disturbance) {
    if (wish.device !== undefined && wish.device !== device) throw invalid(id, `it is of ${device} alone`)
    if (wish.mode === undefined) throw invalid(id, 'name the mode that is suspected, too')
    if (wish.mode === mode) throw invalid(id, `it is of ${mode} already`)
    return { device, mode: wish.mode }
  }
  if (wish.device === undefined) throw invalid(id, 'name one of its devices')
  if (!disturbance.devices.includes(wish.device))
    throw invalid(id, `${wish.device} is not one of its devices`)
  return { device: wish.device, mode: wish.mode ?? unknownMode }
}

const invalid = (ticket: number, problem: string) =>
  new ForewarnError('TICKET_SPLIT_INVALID', { ticket, problem })

async function assertFree(trx: Trx, { id }: TicketRow, device: string, mode: string) {
  const other = await trx
    .selectFrom('forewarn.ticket')
    .select('id')
    .where('device', '=', device)
    .where('mode', '=', mode)
    .where('closed_at', 'is', null)
    .executeTakeFirst()
  if (other) throw invalid(id, `ticket ${other.id} is already open for ${mode} of ${device}`)
}

/** A device's own newest evidence, where it had a ticket before it was one of many; else what its ticket has. */
async function predictionFor(trx: Trx, { prediction }: TicketRow, device: string): Promise<Prediction> {
  if (prediction.device === device) return prediction
  const own = await trx
    .selectFrom('forewarn.ticket')
    .select('prediction')
    .where('device', '=', device)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return own?.prediction ?? prediction
}

function without(prediction: Prediction, device: string): Prediction {
  const { disturbance } = prediction
  if (!disturbance) return prediction
  const devices = disturbance.devices.filter((one) => one !== device)
  return { ...prediction, disturbance: { ...disturbance, devices } }
}
