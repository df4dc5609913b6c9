import { type Kysely, sql } from 'kysely'
import type { Assess } from '../../core/assessment.ts'
import type { Clock } from '../../core/clock.ts'
import { ForewarnError } from '../../core/errors.ts'
import type {
  RaiseOutcome,
  TicketFilter,
  TicketMerging,
  TicketPage,
  TicketQuery,
  TicketReopening,
  TicketSplitting,
  TicketStore,
} from '../../core/ports.ts'
import {
  disturbanceMode,
  type ListedTicket,
  type Prediction,
  type Ticket,
  type TicketChange,
  type TicketEvent,
  type TicketState,
} from '../../core/ticket.ts'
import type { KindRecord } from '../../core/trackRecord.ts'
import type { Database } from '../db/schema.ts'
import { transact } from '../db/transact.ts'
import { assessRow, reassess } from './assess.ts'
import { change, lockTicket } from './change.ts'
import type { DisturbanceRule } from './disturbance.ts'
import { mergeTickets } from './merge.ts'
import { listedRows, pageOfIds } from './page.ts'
import { raise } from './raise.ts'
import { reopen } from './reopen.ts'
import { record, type TicketRow, type Trx, toListed, toTicket } from './rows.ts'
import { split } from './split.ts'
import { createRecordLookUp, type LookUpRecord } from './trackRecord.ts'
import { withdrawCleared } from './withdraw.ts'

export interface TicketStoreOptions {
  readonly clock: Clock
  /** The clock that publishers go by, where that is another one: latency is taken between like times. */
  readonly wall?: Clock | undefined
  /** When many alarms of a site are one ticket; left out: never. */
  readonly disturbance?: DisturbanceRule | undefined
  /** What a prediction means for planning; left out: tickets have no priority and no act-by date. */
  readonly assess?: Assess | undefined
  /** Told after the commit: what became of a ticket and how (`opened`, `revised`, `scheduled`, `commented` ...). */
  readonly onChange?: ((ticket: Ticket, change: string) => void) | undefined
}

const defaultLimit = 500

/** Tickets in PostgreSQL, a server's or PGlite's. */
export function createTicketStore(db: Kysely<Database>, options: TicketStoreOptions): TicketStore {
  return new SqlTickets(db, options)
}

class SqlTickets implements TicketStore {
  private readonly lookUpRecord: LookUpRecord

  constructor(
    private readonly db: Kysely<Database>,
    private readonly options: TicketStoreOptions,
  ) {
    this.lookUpRecord = createRecordLookUp(db, () => options.clock.now())
  }

  async raise(prediction: Prediction): Promise<{ ticket: Ticket; outcome: RaiseOutcome }> {
    const now = this.now()
    const { disturbance } = this.options
    const {
      row,
      outcome,
      withdrawn = [],
    } = await transact(this.db, (trx) => raise(trx, prediction, now, disturbance, this.assessed))
    const ticket = this.read(outcome === 'opened' ? await this.measure(row) : row)
    for (const one of withdrawn) this.tell(this.read(one), 'withdrawn')
    if (outcome !== 'duplicate') this.tell(ticket, outcome)
    return { ticket, outcome }
  }

  async change(id: number, wish: TicketChange): Promise<Ticket> {
    const row = await transact(this.db, (trx) => change(trx, id, wish, this.now()))
    return this.tell(this.read(row), wish.to)
  }

  async comment(id: number, actor: string, note: string): Promise<Ticket> {
    const row = await transact(this.db, async (trx) => {
      const found = await lockTicket(trx, id)
      await record(trx, { ticket: id, at: this.now(), actor, kind: 'commented', detail: { note } })
      return found
    })
    return this.tell(this.read(row), 'commented')
  }

  async reopen(id: number, wish: TicketReopening): Promise<Ticket> {
    const row = await transact(this.db, (trx) => reopen(trx, id, wish, this.now()))
    return this.tell(this.read(row), 'reopened')
  }

  async merge(id: number, wish: TicketMerging): Promise<Ticket> {
    const { source, target } = await transact(this.db, (trx) => mergeTickets(trx, id, wish, this.now()))
    this.tell(this.read(source), 'withdrawn')
    return this.tell(this.read(target), 'absorbed')
  }

  async split(id: number, wish: TicketSplitting): Promise<Ticket> {
    const { source, part } = await transact(this.db, (trx) => split(trx, id, wish, this.now(), this.assessed))
    this.tell(this.read(source), 'split')
    return this.tell(this.read(part), 'opened')
  }

  async withdrawCleared(): Promise<number> {
    const rows = await transact(this.db, (trx) => withdrawCleared(trx, this.now()))
    for (const row of rows) this.tell(this.read(row), 'withdrawn')
    return rows.length
  }

  async get(id: number): Promise<Ticket> {
    const query = this.db.selectFrom('forewarn.ticket').selectAll().where('id', '=', id)
    const row = await query.executeTakeFirst()
    if (!row) throw new ForewarnError('TICKET_UNKNOWN', { ticket: id })
    return this.read(row)
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
    return rows.map((row) => this.read(row))
  }

  async page(query: TicketQuery): Promise<TicketPage> {
    const { ids, total } = await pageOfIds(this.db, query)
    return { tickets: await this.listed(ids), total }
  }

  async *pieces(query: TicketQuery): AsyncGenerator<readonly ListedTicket[]> {
    const { ids } = await pageOfIds(this.db, query)
    for (let from = 0; from < ids.length; from += defaultLimit) {
      yield await this.listed(ids.slice(from, from + defaultLimit))
    }
  }

  private async listed(ids: readonly number[]): Promise<ListedTicket[]> {
    const now = this.now()
    return (await listedRows(this.db, ids)).map((row) => toListed(row, now))
  }

  trackRecord(assetType: string, mode: string): Promise<KindRecord> {
    return this.lookUpRecord(assetType, mode)
  }

  async reassess(device?: string): Promise<number> {
    if (!this.options.assess) return 0
    const changed = await reassess(this.db, this.options.assess, device)
    for (const id of changed) this.tell(await this.get(id), 'reassessed')
    return changed.length
  }

  async disturbanceOf(device: string): Promise<Ticket | undefined> {
    const row = await this.db
      .selectFrom('forewarn.ticket')
      .selectAll()
      .where('mode', '=', disturbanceMode)
      .where('closed_at', 'is', null)
      .where(sql<boolean>`prediction -> 'disturbance' -> 'devices' @> ${JSON.stringify([device])}::jsonb`)
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst()
    return row && this.read(row)
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

  private assessed = async (trx: Trx, row: TicketRow): Promise<TicketRow> =>
    this.options.assess ? assessRow(trx, this.options.assess, row) : row

  private read(row: TicketRow): Ticket {
    return toTicket(row, this.now())
  }

  private tell(ticket: Ticket, how: string): Ticket {
    this.options.onChange?.(ticket, how)
    return ticket
  }

  private now(): number {
    return this.options.clock.now()
  }
}
