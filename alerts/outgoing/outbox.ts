import { sql, type Transaction } from 'kysely'
import type { Database } from '../db/schema.ts'

/** Something that was just added to a ticket's history. */
export interface Told {
  readonly ticket: number
  readonly at: number
  readonly actor: string
  readonly kind: string
  readonly detail: Record<string, unknown>
}

/** Steps by which a planner takes a suggested ticket for real. */
const accepting = ['acknowledged', 'scheduled', 'in_progress']

/**
 * Puts what happened to a ticket into the outbox, within the transaction of the change itself: either both are kept or
 * neither. Called after the ticket's row and its history were written; without receivers it writes nothing.
 *
 * A ticket that is no automatic one stays between the planners until one of them accepts it. With that step its opening
 * is told, too, as whoever wants to hear of openings has not heard of it yet.
 */
export async function toOutbox(trx: Transaction<Database>, told: Told): Promise<void> {
  const { ticket, at, actor, kind, detail } = told
  await sql`
    INSERT INTO forewarn.outbox (event, at, actor, detail, ticket)
    SELECT news.event, ${at}::bigint, ${actor}::text, news.detail, to_jsonb(t) #- '{prediction,evidence}'
    FROM forewarn.ticket t
    CROSS JOIN LATERAL (
      SELECT coalesce(to_jsonb(t) ->> 'automation', t.prediction ->> 'automation', 'automatic') = 'automatic' AS automatic,
        (SELECT count(*) FROM forewarn.ticket_event e
          WHERE e.ticket = t.id AND e.kind = ANY (${accepting}::text[])) AS accepted
    ) leave
    CROSS JOIN LATERAL (VALUES
      (1, 'opened', '{}'::jsonb, NOT leave.automatic AND leave.accepted = 1 AND ${kind}::text = ANY (${accepting}::text[])),
      (2, ${kind}::text, ${JSON.stringify(detail)}::jsonb, leave.automatic OR leave.accepted > 0)
    ) news (position, event, detail, due)
    WHERE t.id = ${ticket} AND news.due AND EXISTS (SELECT FROM forewarn.receiver)
    ORDER BY news.position`.execute(trx)
}
