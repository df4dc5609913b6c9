import type { Kysely } from 'kysely'
import type { Clock } from '../../core/clock.ts'
import { ForewarnError } from '../../core/errors.ts'
import type { RaiseOutcome, TicketFilter, TicketStore } from '../../core/ports.ts'
import type { Prediction, Ticket, TicketChange, TicketEvent, TicketState } from '../../core/ticket.ts'
import type { Database } from '../db/schema.ts'
import { transact } from '../db/transact.ts'
import { change, lockTicket } from './change.ts'
import { raise } from './raise.ts'
import { record, type TicketRow, toTicket } from './rows.ts'

export interface TicketStoreOptions {
  readonly clock: Clock
  /** The clock that publishers go by, where that is another one: latency is taken between like times. */
  readonly wall?: Clock | undefined
  /** Told after the commit: what became of a ticket and how (`opened`, `revised`, `scheduled`, `commented` ...). */
  readonly onChange?: ((ticket: Ticket, change: string) => void) | undefined
}

const defaultLimit = 500

/** Tickets in PostgreSQL, a server's or PGlite's. */
export function createTicketStore(db: Kysely<Database>, options: TicketStoreOptions): TicketStore {
  return new SqlTickets(db, options)
}

class SqlTickets implements TicketStore {
  constructor(
    private readonly db: Kysely<Database>,
    private readonly options: TicketStoreOptions,
  ) {}

  async raise(prediction: Prediction): Promise<{ ticket: Ticket; outcome: RaiseOutcome }> {
    const now = this.now()
    const { row, outcome } = await transact(this.db, (trx) => raise(trx, prediction, now))
    const ticket = toTicket(outcome === 'opened' ? await this.measure(row) : row)
    if (outcome !== 'duplicate') this.tell(ticket, outcome)
    return { ticket, outcome }
  }

  async change(id: number, wish: TicketChange): Promise<Ticket> {
    const row = await transact(this.db, (trx) => change(trx, id, wish, this.now()))
    return this.tell(toTicket(row), wish.to)
  }

  async comment(id: number, actor: string, note: string): Promise<Ticket> {
    const row = await transact(this.db, async (trx) => {
      const found = await lockTicket(trx, id)
      await record(trx, { ticket: id, at: this.now(), actor, kind: 'commented', detail: { note } })
      return found
    })
    return this.tell(toTicket(row), 'commented')
  }

  async get(id: number): Promise<Ticket> {
    const query = this.db.selectFrom('forewarn.ticket').selectAll().where('id', '=', id)
    const row = await query.executeTakeFirst()
    if (!row) throw new ForewarnError('TICKET_UNKNOWN', { ticket: id })
    return toTicket(row)
  }

  async list({ states, device, limit = defaultLimit }: TicketFilter = {}): Promise<Ticket[]> {
    const rows = await this.db
      .selectFrom('forewarn.ticket')
      .selectAll()
      .$if(states !== undefined, (query) => query.where('state', 'in', [...states!]))
      .$if(device !== undefined, (query) => query.where('device', '=', device!))
      .orderBy('id', 'desc')
      .limit(limit)
      .execute()
    return rows.map(toTicket)
  }

  async history(id: number): Promise<TicketEvent[]> {
    const rows = await this.db
      .selectFrom('forewarn.ticket_event')
      .select(['at', 'actor', 'kind', 'detail'])
      .where('ticket', '=', id)
      .orderBy('id')
      .execute()
    return rows.map((row) => ({ ...row, at: Number(row.at) }))
  }

  async countByState(): Promise<Partial<Record<TicketState, number>>> {
    const rows = await this.db
      .selectFrom('forewarn.ticket')
      .select(['state', (eb) => eb.fn.countAll<string>().as('count')])
      .groupBy('state')
      .execute()
    return Object.fromEntries(rows.map(({ state, count }) => [state, Number(count)]))
  }

  /**
   * Publish to ticket, taken once the opening is committed; NULL where the publisher does not say when. The opening is
   * told whatever becomes of this: a caller who took it for not done would hear `duplicate` the next time.
   */
  private async measure(row: TicketRow): Promise<TicketRow> {
    const { publishedAt } = row.prediction
    if (publishedAt === null) return row
    const { clock, wall = clock } = this.options
    const latency = { publish_to_ticket_ms: wall.now() - publishedAt }
    const update = this.db.updateTable('forewarn.ticket').set(latency).where('id', '=', row.id)
    return update.execute().then(
      () => ({ ...row, ...latency }),
      () => row,
    )
  }

  private tell(ticket: Ticket, how: string): Ticket {
    this.options.onChange?.(ticket, how)
    return ticket
  }

  private now(): number {
    return this.options.clock.now()
  }
}
