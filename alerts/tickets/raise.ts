import { sql } from 'kysely'
import type { RaiseOutcome } from '../../core/ports.ts'
import { disturbanceMode, isFinished, type Prediction } from '../../core/ticket.ts'
import { type DisturbanceRule, disturb, outlasts, takeSiteTurns } from './disturbance.ts'
import {
  type Assessed,
  asItIs,
  policyActor,
  record,
  type TicketRow,
  type Trx,
  takeTurns,
  toRow,
} from './rows.ts'

export { policyActor }

export interface Raised {
  readonly row: TicketRow
  readonly outcome: RaiseOutcome
  /** Tickets that were withdrawn for it. */
  readonly withdrawn?: readonly TicketRow[] | undefined
}

/**
 * Takes a prediction in: into the disturbance of its site where there is one (by `rule`; none without), into the device's
 * open ticket where it has one, as a new ticket otherwise.
 */
export async function raise(
  trx: Trx,
  prediction: Prediction,
  now: number,
  rule?: DisturbanceRule,
  assessed: Assessed = asItIs,
): Promise<Raised> {
  if (rule) await takeSiteTurns(trx, prediction.site)
  await takeTurns(trx, prediction.device)
  const known =
    (await ticketOfPrediction(trx, prediction.id)) ?? (await finishedTicketOfEpisode(trx, prediction, rule))
  if (known) return { row: known, outcome: 'duplicate' }
  const disturbed = rule && (await disturb(trx, prediction, rule, now))
  const open = disturbed ? undefined : await openTicket(trx, prediction)
  const made: Raised =
    disturbed ?? (open ? await merge(trx, open, prediction, now) : await openNew(trx, prediction, now))
  // before it is recorded: what leaves the house tells of priority and act-by date, too
  const raised = { ...made, row: await assessed(trx, made.row) }
  await trx
    .insertInto('forewarn.seen_prediction')
    .values({
      id: prediction.id,
      ticket: raised.row.id,
      device: prediction.device,
      raised_at: prediction.raisedAt,
    })
    .execute()
  await record(trx, {
    ticket: raised.row.id,
    at: now,
    actor: policyActor,
    kind: raised.outcome,
    detail: { ...detailOf(prediction, open?.mode), ...(disturbed && aboutSite(prediction, raised)) },
    version: raised.row.version,
  })
  return raised
}

const seenTickets = (trx: Trx) =>
  trx
    .selectFrom('forewarn.ticket')
    .innerJoin('forewarn.seen_prediction as seen', 'seen.ticket', 'forewarn.ticket.id')
    .selectAll('forewarn.ticket')

const ticketOfPrediction = (trx: Trx, id: string): Promise<TicketRow | undefined> =>
  seenTickets(trx).where('seen.id', '=', id).executeTakeFirst()

/**
 * The ticket of the prediction's episode, if that is finished: evidence that was under way when a planner resolved it
 * opens no second ticket. The next episode does.
 */
async function finishedTicketOfEpisode(trx: Trx, prediction: Prediction, rule?: DisturbanceRule) {
  const { device, raisedAt, mode } = prediction
  const tickets = await trx
    .selectFrom('forewarn.ticket')
    .selectAll()
    .where('id', 'in', (seen) =>
      seen
        .selectFrom('forewarn.seen_prediction')
        .select('ticket')
        .where('device', '=', device)
        .where('raised_at', '=', String(raisedAt)),
    )
    .orderBy('id', 'desc')
    .execute()
  const [newest] = tickets
  if (newest && tickets.every(({ state }) => isFinished(state))) {
    const goesOn = newest.mode === disturbanceMode && rule && (await outlasts(trx, prediction, newest, rule))
    return goesOn ? undefined : newest
  }
  // A part that was split off has been dealt with; the rest goes on. What was withdrawn went into another ticket.
  return tickets.find(
    (ticket) => ticket.mode === mode && isFinished(ticket.state) && ticket.state !== 'withdrawn',
  )
}

/**
 * The device's open ticket: the one of the same mode first (a reopened one may stand beside it), else the newest. One of a
 * disturbance is not the device's own.
 */
const openTicket = (trx: Trx, { device, mode }: Prediction): Promise<TicketRow | undefined> =>
  trx
    .selectFrom('forewarn.ticket')
    .selectAll()
    .where('device', '=', device)
    .where('mode', '<>', disturbanceMode)
    .where('closed_at', 'is', null)
    .orderBy(sql`mode = ${mode}`, 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .forUpdate()
    .executeTakeFirst()

/**
 * The unique index has the last word: whoever inserts second merges. No parameter may stand in the index's WHERE
 * (PostgreSQL would not recognise the index, 42P10).
 */
async function openNew(trx: Trx, prediction: Prediction, now: number): Promise<Raised> {
  const row = await trx
    .insertInto('forewarn.ticket')
    .values(toRow(prediction, now))
    .onConflict((conflict) =>
      conflict.columns(['device', 'mode']).where('closed_at', 'is', null).doUpdateSet({
        predictions: sql`ticket.predictions + 1`,
        prediction: sql`excluded.prediction`,
        updated_at: sql`excluded.updated_at`,
      }),
    )
    .returningAll()
    .returning(sql<boolean>`(xmax = 0)`.as('inserted'))
    .executeTakeFirstOrThrow()
  return { row, outcome: row.inserted ? 'opened' : 'merged' }
}

/**
 * Fresh evidence leaves the version alone, so that a planner's form does not go stale under every window; another
 * suspected mode is news that an edit must have seen. A prediction that was overtaken only counts.
 */
async function merge(trx: Trx, open: TicketRow, prediction: Prediction, now: number): Promise<Raised> {
  const newest = prediction.windowEnd >= open.prediction.windowEnd
  const revised = newest && prediction.mode !== open.mode
  const row = await trx
    .updateTable('forewarn.ticket')
    .set({ predictions: open.predictions + 1, updated_at: now })
    .$if(newest, (update) => update.set({ prediction: JSON.stringify(prediction), mode: prediction.mode }))
    .$if(revised, (update) => update.set({ version: open.version + 1 }))
    .where('id', '=', open.id)
    .returningAll()
    .executeTakeFirstOrThrow()
  return { row, outcome: revised ? 'revised' : 'merged' }
}

const aboutSite = ({ device, site }: Prediction, { row, withdrawn = [] }: Raised) => ({
  device,
  site,
  devices: row.prediction.disturbance?.devices ?? [],
  withdrawn: withdrawn.map(({ id }) => id),
})

const detailOf = (prediction: Prediction, formerMode: string | undefined) => ({
  prediction: prediction.id,
  windowEnd: prediction.windowEnd,
  mode: prediction.mode,
  ...(formerMode !== undefined && formerMode !== prediction.mode ? { formerMode } : {}),
  reason: prediction.reason,
  failureProbability: prediction.failureProbability,
})
