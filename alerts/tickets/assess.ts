import { type Kysely, sql } from 'kysely'
import { type Assess, type Assessment, type DeviceFacts, unregisteredFacts } from '../../core/assessment.ts'
import type { Database } from '../db/schema.ts'
import { transact } from '../db/transact.ts'
import type { TicketRow, Trx } from './rows.ts'

const columnsOf = (assessment: Assessment) => ({
  assessment: JSON.stringify(assessment),
  priority: assessment.priority.level,
  priority_score: assessment.priority.score,
  act_by: assessment.actBy?.at ?? null,
})

/** Says anew what a ticket's prediction means, in the transaction that brought it. */
export async function assessRow(trx: Trx, assess: Assess, row: TicketRow): Promise<TicketRow> {
  const assessment = assess({ ...row.prediction, mode: row.mode }, await factsOf(trx, row.device))
  return trx
    .updateTable('forewarn.ticket')
    .set(columnsOf(assessment))
    .where('id', '=', row.id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

async function factsOf(trx: Trx, device: string): Promise<DeviceFacts> {
  const row = await trx
    .selectFrom('forewarn.device')
    .select(['criticality', 'usage_per_day as usagePerDay'])
    .where('device', '=', device)
    .executeTakeFirst()
  return row ?? unregisteredFacts
}

/** Locks of one transaction: whoever works on a ticket meanwhile waits for no more than these. */
const ticketsATurn = 100

/**
 * Assesses every unfinished ticket anew (of one device where it is named): catalogue, calendar or register may say another
 * thing than when its prediction came. Returns the ids of those that have changed.
 */
export async function reassess(db: Kysely<Database>, assess: Assess, device?: string): Promise<number[]> {
  const changed: number[] = []
  for (let after = 0; ; ) {
    const { seen, different } = await transact(db, (trx) => reassessSome(trx, assess, after, device))
    changed.push(...different)
    if (seen.length < ticketsATurn) return changed
    after = seen.at(-1)!
  }
}

async function reassessSome(trx: Trx, assess: Assess, after: number, device: string | undefined) {
  const rows = await trx
    .selectFrom('forewarn.ticket')
    .select(['id', 'device', 'mode', 'assessment'])
    .select(sql<Parameters<Assess>[0]>`prediction - 'evidence'`.as('prediction'))
    .where('closed_at', 'is', null)
    .where('id', '>', after)
    .$if(device !== undefined, (query) => query.where('device', '=', device!))
    .orderBy('id')
    .limit(ticketsATurn)
    .forUpdate()
    .execute()
  const different: number[] = []
  for (const { id, device: of, mode, prediction, assessment } of rows) {
    const now = assess({ ...prediction, mode }, await factsOf(trx, of))
    if (same(now, assessment)) continue
    await trx.updateTable('forewarn.ticket').set(columnsOf(now)).where('id', '=', id).execute()
    different.push(id)
  }
  return { seen: rows.map(({ id }) => id), different }
}

/** The arguments have every number in them. */
const same = (a: Assessment, b: Assessment | null) =>
  a.priority.argument === b?.priority.argument &&
  a.actBy?.argument === b.actBy?.argument &&
  a.actBy?.at === b.actBy?.at
