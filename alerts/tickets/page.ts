import { type ExpressionBuilder, type Kysely, sql } from 'kysely'
import type { TicketQuery, TicketSort } from '../../core/ports.ts'
import type { Database } from '../db/schema.ts'
import type { ListedRow } from './rows.ts'

type TicketExpressions = ExpressionBuilder<Database, 'forewarn.ticket'>

/** Tickets that fit, how many there are in all, and how many are left out before them. */
export interface IdPage {
  readonly ids: readonly number[]
  readonly total: number
}

/** Which tickets, in which order: asked for without their content, which most of them are too long to be sorted with. */
export async function pageOfIds(db: Kysely<Database>, query: TicketQuery): Promise<IdPage> {
  const { limit, offset = 0, ...filter } = query
  const matching = db.selectFrom('forewarn.ticket').where((eb) => eb.and(conditions(eb, filter)))
  const [ordered, counted] = await Promise.all([
    matching
      .select('id')
      .orderBy(orderOf(query))
      .$if(limit !== undefined, (all) => all.limit(limit!))
      .offset(offset)
      .execute(),
    matching.select((eb) => eb.fn.countAll<string>().as('total')).executeTakeFirstOrThrow(),
  ])
  return { ids: ordered.map(({ id }) => id), total: Number(counted.total) }
}

/** Those tickets in that order, without their evidence windows. One that is gone meanwhile is left out. */
export async function listedRows(db: Kysely<Database>, ids: readonly number[]): Promise<ListedRow[]> {
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('forewarn.ticket')
    .select(listedColumns)
    .select(sql<ListedRow['prediction']>`prediction - 'evidence'`.as('prediction'))
    .where('id', 'in', [...ids])
    .execute()
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.flatMap((id) => byId.get(id) ?? [])
}

const listedColumns = [
  'id',
  'device',
  'site',
  'asset_type',
  'mode',
  'state',
  'version',
  'opened_at',
  'updated_at',
  'closed_at',
  'scheduled_for',
  'verdict',
  'verdict_mode',
  'predictions',
  'publish_to_ticket_ms',
  'assessment',
  'priority',
  'priority_score',
  'act_by',
  'automation',
  'merged_into',
  'split_from',
] as const

/** Every condition has to hold; a list that is left out allows everything. */
function conditions(eb: TicketExpressions, filter: TicketQuery) {
  const anyOf = <C extends 'state' | 'site' | 'device' | 'asset_type' | 'mode' | 'priority' | 'automation'>(
    column: C,
    wanted: readonly string[] | undefined,
  ) => (wanted ? [sql<boolean>`${sql.ref(column)} = ANY(${[...wanted]}::text[])`] : [])
  return [
    ...anyOf('state', filter.states),
    ...anyOf('site', filter.sites),
    ...anyOf('device', filter.devices),
    ...anyOf('asset_type', filter.assetTypes),
    ...anyOf('mode', filter.modes),
    ...anyOf('priority', filter.priorities),
    ...anyOf('automation', filter.automations),
    ...wordsOf(filter.search).map((word) => mentions(eb, word)),
  ]
}

const wordsOf = (search: string | undefined): string[] => (search ?? '').split(/\s+/).filter(Boolean)

/** What LIKE would take for a pattern is text. */
const pattern = (word: string) => `%${word.replace(/[\\%_]/g, (special) => `\\${special}`)}%`

/** In its number, its place, its suspicion, or in what somebody wrote to it. */
function mentions(eb: TicketExpressions, word: string) {
  const text = sql<string>`concat('#', id, ' ', device, ' ', site, ' ', asset_type, ' ', mode, ' ', replace(mode, '_', ' '))`
  const note = eb
    .selectFrom('forewarn.ticket_event as event')
    .select('event.ticket')
    .where(sql<boolean>`event.detail ->> 'note' ILIKE ${pattern(word)}`)
  return eb.or([sql<boolean>`${text} ILIKE ${pattern(word)}`, eb('id', 'in', note)])
}

/** The direction in which each order is asked for most. */
const natural: Readonly<Record<TicketSort, 'asc' | 'desc'>> = {
  opened: 'desc',
  updated: 'desc',
  priority: 'desc',
  act_by: 'asc',
  device: 'asc',
  site: 'asc',
  state: 'asc',
}

const keys: Readonly<Record<TicketSort, ReturnType<typeof sql>>> = {
  opened: sql`opened_at`,
  updated: sql`updated_at`,
  priority: sql`priority_score`,
  act_by: sql`act_by`,
  device: sql`device`,
  site: sql`site`,
  state: sql`array_position(ARRAY['open', 'acknowledged', 'scheduled', 'in_progress', 'resolved', 'closed', 'withdrawn'], state)`,
}

/** What is finished presses nobody: behind the rest. */
const pressing: readonly TicketSort[] = ['priority', 'act_by']

function orderOf({ sort = 'opened', direction = natural[sort] }: TicketQuery) {
  const way = direction === 'asc' ? sql`ASC` : sql`DESC`
  const finishedLast = pressing.includes(sort) ? sql`(closed_at IS NOT NULL), ` : sql``
  return sql`${finishedLast}${keys[sort]} ${way} NULLS LAST, id ${way}`
}
