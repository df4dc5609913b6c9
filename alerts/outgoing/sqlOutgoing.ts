import { randomUUID } from 'node:crypto'
import { type Kysely, sql, type Transaction } from 'kysely'
import type { Clock } from '../../core/clock.ts'
import { ForewarnError } from '../../core/errors.ts'
import type {
  Delivery,
  DeliveryState,
  DeliveryTry,
  OutgoingMessage,
  Receiver,
  ReceiverSettings,
  TicketFacts,
} from '../../core/outgoing.ts'
import type { Claim, OutgoingStore, Settlement } from '../../core/ports.ts'
import type { Database } from '../db/schema.ts'
import { transact } from '../db/transact.ts'
import { type DeliveryRow, toDelivery, toMessage, toReceiver } from './rows.ts'

const spreadAtOnce = 100
const defaultLimit = 100
/** Of a delivery; redeliveries by hand add to the same log. */
const triesKept = 20

/** Receivers, outbox and deliveries in PostgreSQL, a server's or PGlite's. */
export const createOutgoingStore = (db: Kysely<Database>, { clock }: { clock: Clock }): OutgoingStore =>
  new SqlOutgoing(db, clock)

type Trx = Transaction<Database>

class SqlOutgoing implements OutgoingStore {
  constructor(
    private readonly db: Kysely<Database>,
    private readonly clock: Clock,
  ) {}

  async receivers(): Promise<Receiver[]> {
    const rows = await this.db.selectFrom('forewarn.receiver').selectAll().orderBy('id').execute()
    return rows.map(toReceiver)
  }

  async receiver(id: number): Promise<Receiver> {
    const query = this.db.selectFrom('forewarn.receiver').selectAll().where('id', '=', id)
    return toReceiver((await query.executeTakeFirst()) ?? unknownReceiver(id))
  }

  async add(settings: ReceiverSettings): Promise<Receiver> {
    const values = { settings: JSON.stringify(settings), created_at: this.clock.now() }
    const query = this.db.insertInto('forewarn.receiver').values(values).returningAll()
    return toReceiver(await query.executeTakeFirstOrThrow())
  }

  async replace(id: number, settings: ReceiverSettings): Promise<Receiver> {
    const row = await this.db
      .updateTable('forewarn.receiver')
      .set({ settings: JSON.stringify(settings), failures: 0, due_at: 0 })
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirst()
    return toReceiver(row ?? unknownReceiver(id))
  }

  async remove(id: number): Promise<void> {
    const { numDeletedRows } = await this.db
      .deleteFrom('forewarn.receiver')
      .where('id', '=', id)
      .executeTakeFirst()
    if (numDeletedRows === 0n) unknownReceiver(id)
  }

  async unspread(limit = spreadAtOnce): Promise<{ key: string; message: OutgoingMessage }[]> {
    const rows = await this.db
      .selectFrom('forewarn.outbox')
      .selectAll()
      .where('spread', '=', false)
      .orderBy('id')
      .limit(limit)
      .execute()
    return rows.map((row) => ({ key: row.id, message: toMessage(row) }))
  }

  spread(
    messages: readonly { key: string; facts: TicketFacts; receivers: readonly number[] }[],
  ): Promise<number> {
    return transact(this.db, async (trx) => {
      // One process at a time, so that deliveries get their numbers in the order of the messages.
      await sql`SELECT pg_advisory_xact_lock(hashtext('forewarn spreads messages'))`.execute(trx)
      let made = 0
      for (const { key, facts, receivers } of messages) {
        const values = { spread: true, facts: JSON.stringify(facts) }
        const update = trx.updateTable('forewarn.outbox').set(values)
        const { numUpdatedRows } = await update
          .where('id', '=', key)
          .where('spread', '=', false)
          .executeTakeFirst()
        if (numUpdatedRows === 0n) continue
        made += await deliver(trx, key, receivers, this.clock.now())
      }
      return made
    })
  }

  async claim(leaseMs: number): Promise<Claim | undefined> {
    const now = this.clock.now()
    const token = randomUUID()
    return transact(this.db, async (trx) => {
      const due = await trx
        .selectFrom('forewarn.receiver as r')
        .selectAll('r')
        .where('r.due_at', '<=', String(now))
        .where('r.claimed_until', '<=', String(now))
        .where(sql<boolean>`(r.settings ->> 'enabled')::boolean`)
        .where(({ exists, selectFrom }) =>
          exists(
            selectFrom('forewarn.delivery as d')
              .select('d.id')
              .whereRef('d.receiver', '=', 'r.id')
              .where('d.state', '=', 'pending'),
          ),
        )
        .orderBy('r.due_at')
        .orderBy('r.claimed_until')
        .limit(1)
        .forUpdate()
        .skipLocked()
        .executeTakeFirst()
      if (!due) return undefined
      const head = await oldestPending(trx, due.id)
      if (!head) return undefined
      await trx
        .updateTable('forewarn.receiver')
        .set({ claimed_until: now + leaseMs, claim: token })
        .where('id', '=', due.id)
        .execute()
      return {
        token,
        receiver: toReceiver(due),
        delivery: Number(head.delivery),
        tried: head.tried,
        queuedAt: Number(head.queued_at),
        message: toMessage(head),
      }
    })
  }

  settle({ token, receiver, delivery }: Claim, outcome: DeliveryTry, wish: Settlement): Promise<void> {
    return transact(this.db, async (trx) => {
      const { numUpdatedRows } = await trx
        .updateTable('forewarn.receiver')
        .set((eb) => ({
          // The moment of the release: whoever was served last waits for the others.
          claimed_until: this.clock.now(),
          claim: null,
          due_at: wish.dueAt,
          failures: outcome.ok ? 0 : eb('failures', '+', 1),
        }))
        .where('id', '=', receiver.id)
        .where('claim', '=', token)
        .executeTakeFirst()
      if (numUpdatedRows === 0n) return
      await keepTry(trx, delivery, outcome, wish.state)
      if (wish.giveUpBefore !== undefined) await giveUp(trx, receiver.id, wish.giveUpBefore, outcome)
    })
  }

  async deliveries(
    receiver: number,
    { state, limit = defaultLimit }: { state?: DeliveryState; limit?: number } = {},
  ): Promise<Delivery[]> {
    await this.receiver(receiver)
    const rows = await deliveryRows(this.db)
      .where('d.receiver', '=', receiver)
      .$if(state !== undefined, (query) => query.where('d.state', '=', state!))
      .orderBy('d.id', 'desc')
      .limit(limit)
      .execute()
    return rows.map((row) => toDelivery(row as DeliveryRow))
  }

  async redeliver(receiver: number, delivery: number): Promise<Delivery> {
    return transact(this.db, async (trx) => {
      const { numUpdatedRows } = await trx
        .updateTable('forewarn.delivery')
        .set({ state: 'pending', tried: 0, queued_at: this.clock.now() })
        .where('id', '=', String(delivery))
        .where('receiver', '=', receiver)
        .executeTakeFirst()
      if (numUpdatedRows === 0n) throw new ForewarnError('DELIVERY_UNKNOWN', { receiver, delivery })
      await trx.updateTable('forewarn.receiver').set({ due_at: 0 }).where('id', '=', receiver).execute()
      return deliveryOf(trx, String(delivery))
    })
  }

  async keepTest(receiver: number, message: OutgoingMessage, outcome: DeliveryTry): Promise<Delivery> {
    await this.receiver(receiver)
    return transact(this.db, async (trx) => {
      const { id: uid, event, at, actor } = message
      const kept = await trx
        .insertInto('forewarn.outbox')
        .values({ uid, event, at, actor, detail: '{}', ticket: null, spread: true })
        .returning('id')
        .executeTakeFirstOrThrow()
      const made = await trx
        .insertInto('forewarn.delivery')
        .values({
          receiver,
          message: kept.id,
          queued_at: this.clock.now(),
          state: outcome.ok ? 'delivered' : 'given_up',
          tried: 1,
          tries: JSON.stringify([outcome]),
        })
        .returning('id')
        .executeTakeFirstOrThrow()
      return deliveryOf(trx, made.id)
    })
  }

  async pending(): Promise<number> {
    const count = this.db.selectFrom('forewarn.delivery').select((eb) => eb.fn.countAll<string>().as('n'))
    return Number((await count.where('state', '=', 'pending').executeTakeFirstOrThrow()).n)
  }

  async prune(before: number): Promise<void> {
    await sql`DELETE FROM forewarn.delivery WHERE state <> 'pending' AND queued_at < ${before}`.execute(
      this.db,
    )
    await sql`DELETE FROM forewarn.outbox o WHERE o.spread
      AND NOT EXISTS (SELECT FROM forewarn.delivery d WHERE d.message = o.id)`.execute(this.db)
  }
}

function unknownReceiver(receiver: number): never {
  throw new ForewarnError('RECEIVER_UNKNOWN', { receiver })
}

/** A receiver that was removed meanwhile is left out; a message without any is of no use. */
async function deliver(
  trx: Trx,
  message: string,
  receivers: readonly number[],
  now: number,
): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    INSERT INTO forewarn.delivery (receiver, message, queued_at)
    SELECT id, ${message}::bigint, ${now}::bigint FROM forewarn.receiver
    WHERE id = ANY (${[...receivers]}::integer[]) ORDER BY id FOR KEY SHARE`.execute(trx)
  if (numAffectedRows === 0n) await trx.deleteFrom('forewarn.outbox').where('id', '=', message).execute()
  return Number(numAffectedRows)
}

const oldestPending = (trx: Trx, receiver: number) =>
  trx
    .selectFrom('forewarn.delivery as d')
    .innerJoin('forewarn.outbox as o', 'o.id', 'd.message')
    .selectAll('o')
    .select(['d.id as delivery', 'd.tried', 'd.queued_at'])
    .where('d.receiver', '=', receiver)
    .where('d.state', '=', 'pending')
    .orderBy('d.id')
    .limit(1)
    .executeTakeFirst()

async function keepTry(trx: Trx, delivery: number, outcome: DeliveryTry, state: DeliveryState) {
  const query = trx.selectFrom('forewarn.delivery').select('tries').where('id', '=', String(delivery))
  const known = await query.executeTakeFirst()
  await trx
    .updateTable('forewarn.delivery')
    .set((eb) => ({
      state,
      tried: eb('tried', '+', 1),
      tries: JSON.stringify([...(known?.tries ?? []), outcome].slice(-triesKept)),
    }))
    .where('id', '=', String(delivery))
    .execute()
}

/** What has waited too long for a receiver that does not answer; its log says so without a try of its own. */
async function giveUp(trx: Trx, receiver: number, before: number, { at }: DeliveryTry): Promise<void> {
  const expired: DeliveryTry = {
    at,
    ok: false,
    code: null,
    problem: 'not tried: the receiver did not answer for too long',
    answer: '',
    ms: 0,
  }
  await sql`UPDATE forewarn.delivery
    SET state = 'given_up', tries = CASE tried WHEN 0 THEN tries || ${JSON.stringify([expired])}::jsonb ELSE tries END
    WHERE receiver = ${receiver} AND state = 'pending' AND queued_at < ${before}`.execute(trx)
}

const deliveryRows = (db: Kysely<Database>) =>
  db
    .selectFrom('forewarn.delivery as d')
    .innerJoin('forewarn.outbox as o', 'o.id', 'd.message')
    .select(['d.id', 'd.receiver', 'd.queued_at', 'd.state', 'd.tries', 'o.uid', 'o.event'])
    .select(sql<number | null>`(o.ticket ->> 'id')::integer`.as('ticket'))

async function deliveryOf(db: Kysely<Database>, id: string): Promise<Delivery> {
  const row = await deliveryRows(db).where('d.id', '=', id).executeTakeFirstOrThrow()
  return toDelivery(row as DeliveryRow)
}
