import { sql } from 'kysely'
import { disturbanceMode, type Prediction } from '../../core/ticket.ts'
import { policyActor, record, type TicketRow, type Trx, takeTurns, toRow } from './rows.ts'

/*
 * A disturbance across a site (a voltage dip, a wrong setting, a sensor bus that fails) makes many devices raise at once. It is
 * one thing to look at, so it is one ticket. What is raised is known by the episodes (device, raisedAt) that predictions brought,
 * which lie in the database: a restart forgets none.
 */

/** When alarms of a site are one disturbance. */
export interface DisturbanceRule {
  /** In event time. */
  readonly withinMinutes: number
  readonly devices: number
  /** Of the site's scored devices. */
  readonly share: number
}

export interface Disturbed {
  readonly row: TicketRow
  readonly outcome: 'opened' | 'merged'
  /** Tickets of single devices in whose place it comes. */
  readonly withdrawn: readonly TicketRow[]
}

const minuteMs = 60_000
/** A device that was not scored for longer is no part of the site's running machines. */
const runningMs = 86_400_000

/** Whoever raises at a site takes turns, before the turn of the device: two at once would each see one device too few. */
export const takeSiteTurns = (trx: Trx, site: string) => takeTurns(trx, `site ${site}`)

/**
 * Takes a prediction into the disturbance of its site where there is one, or where it makes one; undefined where it is the
 * device's own business. Call it in the site's turn.
 */
export async function disturb(
  trx: Trx,
  prediction: Prediction,
  rule: DisturbanceRule,
  now: number,
): Promise<Disturbed | undefined> {
  const open = await openDisturbance(trx, prediction.site)
  const places = await placesOfEpisode(trx, prediction)
  if (places.length > 0) {
    const isMember = open && places.includes(open.id) && membersOf(open).includes(prediction.device)
    return isMember ? join(trx, open, prediction, [prediction.device], now) : undefined
  }
  const devices = await storm(trx, prediction, rule)
  if (open && (devices || (await isNear(trx, open, prediction, rule)))) {
    if (!devices && (await hasOwnTicket(trx, prediction.device))) return undefined
    return join(trx, open, prediction, devices ?? [prediction.device], now, rule)
  }
  return devices && form(trx, prediction, devices, rule, now)
}

export const membersOf = ({ prediction }: Pick<TicketRow, 'prediction'>): readonly string[] =>
  prediction.disturbance?.devices ?? []

const openDisturbance = (trx: Trx, site: string): Promise<TicketRow | undefined> =>
  trx
    .selectFrom('forewarn.ticket')
    .selectAll()
    .where('site', '=', site)
    .where('mode', '=', disturbanceMode)
    .where('closed_at', 'is', null)
    .orderBy('id', 'desc')
    .limit(1)
    .forUpdate()
    .executeTakeFirst()

/** Tickets that the prediction's episode went to so far. */
async function placesOfEpisode(trx: Trx, { device, raisedAt }: Prediction): Promise<number[]> {
  const rows = await trx
    .selectFrom('forewarn.seen_prediction')
    .select('ticket')
    .distinct()
    .where('device', '=', device)
    .where('raised_at', '=', String(raisedAt))
    .execute()
  return rows.map(({ ticket }) => ticket)
}

const spanAround = ({ raisedAt }: Prediction, { withinMinutes }: DisturbanceRule) => ({
  low: String(Math.floor(raisedAt - withinMinutes * minuteMs)),
  high: String(Math.ceil(raisedAt + withinMinutes * minuteMs)),
})

/**
 * The devices that raised within the time around this prediction, where they are enough to be a disturbance. Those whose
 * ticket somebody has finished do not count: that was dealt with.
 */
async function storm(
  trx: Trx,
  prediction: Prediction,
  rule: DisturbanceRule,
): Promise<readonly string[] | undefined> {
  const { low, high } = spanAround(prediction, rule)
  const rows = await trx
    .selectFrom('forewarn.seen_prediction as seen')
    .innerJoin('forewarn.ticket as ticket', 'ticket.id', 'seen.ticket')
    .select('seen.device')
    .distinct()
    .where('ticket.site', '=', prediction.site)
    .where('ticket.closed_at', 'is', null)
    .where('ticket.mode', '<>', disturbanceMode)
    .where('seen.raised_at', '>=', low)
    .where('seen.raised_at', '<=', high)
    .execute()
  const devices = [...new Set([...rows.map(({ device }) => device), prediction.device])].sort()
  if (devices.length < rule.devices) return undefined
  const scored = Math.max(await scoredDevices(trx, prediction), devices.length)
  return devices.length >= rule.share * scored ? devices : undefined
}

async function scoredDevices(trx: Trx, { site, raisedAt }: Prediction): Promise<number> {
  const { rows } = await sql<{ count: string }>`SELECT count(*) AS count FROM forewarn.device AS device
    JOIN forewarn.alarm AS alarm ON alarm.device = device.device
    WHERE device.site = ${site} AND (alarm.state ->> 'judgedUntil')::numeric >= ${raisedAt - runningMs}`.execute(
    trx,
  )
  return Number(rows[0]!.count)
}

/** It goes on: the prediction was raised not long after, or before, the last alarm that is part of it. */
async function isNear(
  trx: Trx,
  open: TicketRow,
  prediction: Prediction,
  rule: DisturbanceRule,
): Promise<boolean> {
  const { low, high } = spanAround(prediction, rule)
  const near = await trx
    .selectFrom('forewarn.seen_prediction')
    .select('id')
    .where('ticket', '=', open.id)
    .where('raised_at', '>=', low)
    .where('raised_at', '<=', high)
    .limit(1)
    .executeTakeFirst()
  return near !== undefined
}

async function hasOwnTicket(trx: Trx, device: string): Promise<boolean> {
  const own = await trx
    .selectFrom('forewarn.ticket')
    .select('id')
    .where('device', '=', device)
    .where('mode', '<>', disturbanceMode)
    .where('closed_at', 'is', null)
    .limit(1)
    .executeTakeFirst()
  return own !== undefined
}

async function form(
  trx: Trx,
  prediction: Prediction,
  devices: readonly string[],
  rule: DisturbanceRule,
  now: number,
): Promise<Disturbed> {
  const { site } = prediction
  const whole: Prediction = { ...prediction, mode: disturbanceMode, disturbance: { site, devices } }
  const { id } = await trx
    .insertInto('forewarn.ticket')
    .values(toRow(whole, now))
    .returning('id')
    .executeTakeFirstOrThrow()
  const withdrawn = await withdrawSingles(trx, id, prediction, devices, rule, now)
  const row = await count(trx, id, 0, withdrawn)
  return { row, outcome: 'opened', withdrawn }
}

/** Further devices of a disturbance, or fresh evidence of one of its own. The first evidence stays: it began with that. */
async function join(
  trx: Trx,
  open: TicketRow,
  prediction: Prediction,
  more: readonly string[],
  now: number,
  rule?: DisturbanceRule,
): Promise<Disturbed> {
  const devices = [...new Set([...membersOf(open), ...more])].sort()
  await trx
    .updateTable('forewarn.ticket')
    .set({
      updated_at: now,
      prediction: JSON.stringify({ ...open.prediction, disturbance: { site: open.site, devices } }),
    })
    .where('id', '=', open.id)
    .execute()
  const withdrawn = rule ? await withdrawSingles(trx, open.id, prediction, more, rule, now) : []
  return { row: await count(trx, open.id, 1, withdrawn), outcome: 'merged', withdrawn }
}

/** Its count of predictions, with those of the tickets in whose place it came. */
const count = (trx: Trx, id: number, more: number, withdrawn: readonly TicketRow[]): Promise<TicketRow> =>
  trx
    .updateTable('forewarn.ticket')
    .set((eb) => ({
      predictions: eb('predictions', '+', more + withdrawn.reduce((sum, row) => sum + row.predictions, 0)),
    }))
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()

/**
 * Withdraws what these alarms opened just before, unless somebody has touched it or it was opened by an earlier alarm. What
 * was seen there is seen in the disturbance from now on.
 */
async function withdrawSingles(
  trx: Trx,
  disturbance: number,
  prediction: Prediction,
  devices: readonly string[],
  rule: DisturbanceRule,
  now: number,
): Promise<TicketRow[]> {
  const { low, high } = spanAround(prediction, rule)
  const { rows } = await sql<{ id: number }>`SELECT ticket.id FROM forewarn.ticket AS ticket
    WHERE ticket.site = ${prediction.site} AND ticket.state = 'open' AND ticket.mode <> ${disturbanceMode}
      AND ticket.device = ANY(${[...devices]}::text[])
      AND NOT EXISTS (SELECT FROM forewarn.ticket_event AS event
        WHERE event.ticket = ticket.id AND event.actor <> ${policyActor})
      AND NOT EXISTS (SELECT FROM forewarn.seen_prediction AS seen
        WHERE seen.ticket = ticket.id AND (seen.raised_at < ${low} OR seen.raised_at > ${high}))
    ORDER BY ticket.id FOR UPDATE OF ticket`.execute(trx)
  const withdrawn: TicketRow[] = []
  for (const { id } of rows) withdrawn.push(await withdrawFor(trx, id, disturbance, now))
  if (rows.length > 0) {
    await trx
      .updateTable('forewarn.seen_prediction')
      .set({ ticket: disturbance })
      .where(
        'ticket',
        'in',
        rows.map(({ id }) => id),
      )
      .execute()
  }
  return withdrawn
}

async function withdrawFor(trx: Trx, id: number, disturbance: number, now: number): Promise<TicketRow> {
  const row = await trx
    .updateTable('forewarn.ticket')
    .set((eb) => ({
      state: 'withdrawn',
      version: eb('version', '+', 1),
      updated_at: now,
      closed_at: now,
      merged_into: disturbance,
    }))
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
  const detail = { from: 'open', reason: disturbanceMode, ticket: disturbance }
  await record(trx, {
    ticket: id,
    at: now,
    actor: policyActor,
    kind: 'withdrawn',
    detail,
    version: row.version,
  })
  return row
}

/**
 * Whether an alarm has outlasted the finished disturbance that it was part of: evidence that ends so much later was not under
 * way when somebody dealt with it, and its device has something of its own.
 */
export async function outlasts(
  trx: Trx,
  { windowEnd }: Prediction,
  disturbance: TicketRow,
  { withinMinutes }: DisturbanceRule,
): Promise<boolean> {
  const { rows } = await sql<{ newest: string | null }>`
    SELECT max((detail ->> 'windowEnd')::numeric) AS newest FROM forewarn.ticket_event
    WHERE ticket = ${disturbance.id} AND detail ? 'windowEnd'`.execute(trx)
  return windowEnd > Number(rows[0]!.newest ?? 0) + withinMinutes * minuteMs
}
