import { sql } from 'kysely'
import { policyActor } from './raise.ts'
import { record, type TicketRow, type Trx } from './rows.ts'

/**
 * Withdraws every ticket that nobody has touched and whose alarm has cleared since its newest evidence. A machine that
 * failed or was renewed has cleared nothing: its ticket waits for a verdict. A disturbance has no alarm of its own.
 */
export async function withdrawCleared(trx: Trx, now: number): Promise<TicketRow[]> {
  const { rows } = await sql<{ id: number }>`
    SELECT ticket.id FROM forewarn.ticket AS ticket
      JOIN forewarn.alarm AS alarm ON alarm.device = ticket.device
    WHERE ticket.state = 'open' AND NOT ticket.prediction ? 'disturbance'
      AND alarm.state ->> 'raised' = 'false'
      AND (alarm.state ->> 'judgedUntil')::numeric > (ticket.prediction ->> 'windowEnd')::numeric
      AND NOT EXISTS (SELECT FROM forewarn.ticket_event AS event
        WHERE event.ticket = ticket.id AND event.actor <> ${policyActor})
      AND NOT EXISTS (SELECT FROM forewarn.life_event AS life
        WHERE life.device = ticket.device AND life.kind IN ('failed', 'installed', 'repaired', 'replaced')
          AND life.time >= (ticket.prediction ->> 'raisedAt')::numeric)
    ORDER BY ticket.id
    FOR UPDATE OF ticket SKIP LOCKED`.execute(trx)
  const withdrawn: TicketRow[] = []
  for (const { id } of rows) {
    const row = await trx
      .updateTable('forewarn.ticket')
      .set((eb) => ({ state: 'withdrawn', version: eb('version', '+', 1), updated_at: now, closed_at: now }))
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirstOrThrow()
    const detail = { from: 'open', reason: 'alarm_cleared' }
    await record(trx, {
      ticket: id,
      at: now,
      actor: policyActor,
      kind: 'withdrawn',
      detail,
      version: row.version,
    })
    withdrawn.push(row)
  }
  return withdrawn
}
