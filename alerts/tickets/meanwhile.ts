import { ForewarnError } from '../../core/errors.ts'
import type { TicketRow, Trx } from './rows.ts'

/** A change that an edit has not seen. */
export interface MissedChange {
  readonly at: number
  readonly actor: string
  readonly kind: string
}

/** Throws TICKET_STALE where the ticket is no longer at the version that was seen, saying who has changed what since. */
export async function assertFresh(trx: Trx, current: TicketRow, seen: number): Promise<void> {
  if (current.version === seen) return
  const changes = await changesSince(trx, current.id, seen)
  throw new ForewarnError('TICKET_STALE', {
    expected: seen,
    actual: current.version,
    meanwhile: changes.map(inWords).join('; ') || 'there is no such version of it',
    changes,
  })
}

/** The change that made each version after `seen`, oldest first. */
async function changesSince(trx: Trx, ticket: number, seen: number): Promise<MissedChange[]> {
  const rows = await trx
    .selectFrom('forewarn.ticket_event')
    .distinctOn('version')
    .select(['version', 'at', 'actor', 'kind'])
    .where('ticket', '=', ticket)
    .where('version', '>', seen)
    .orderBy('version')
    .orderBy('id')
    .execute()
  return rows.map(({ at, actor, kind }) => ({ at: Number(at), actor, kind }))
}

const inWords = ({ at, actor, kind }: MissedChange) =>
  `${actor}: ${kind.replaceAll('_', ' ')}, ${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`
