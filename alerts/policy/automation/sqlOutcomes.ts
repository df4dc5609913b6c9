import { type Kysely, sql } from 'kysely'
import type { LifeEvent } from '../../../core/device.ts'
import type { ShadowRaise } from '../../../core/ports.ts'
import { tellingVerdicts } from '../../../core/ticket.ts'
import type { Database } from '../../db/schema.ts'
import { type Outcome, outcomesCounted } from './level.ts'
import type { ShadowHistory } from './shadow.ts'

export interface VerdictOutcome extends Outcome {
  readonly assetType: string
  readonly mode: string
}

/** What became of alarms, asked of the tables without a ticket's evidence. */
export interface AutomationOutcomes {
  /** Of finished tickets that somebody looked at: the newest of each asset type and suspected mode. */
  verdicts(): Promise<VerdictOutcome[]>
  /** Of devices that have raised in the shadow. */
  shadows(): Promise<ShadowHistory[]>
}

export function createAutomationOutcomes(db: Kysely<Database>): AutomationOutcomes {
  return {
    async verdicts() {
      const newest = db
        .selectFrom('forewarn.ticket')
        .select(['asset_type', 'mode', 'verdict', 'closed_at'])
        .select(
          sql<string>`row_number() OVER (PARTITION BY asset_type, mode ORDER BY closed_at DESC)`.as('nth'),
        )
        .where('verdict', 'in', [...tellingVerdicts])
        .where('closed_at', 'is not', null)
      const rows = await db
        .selectFrom(newest.as('newest'))
        .selectAll()
        .where('nth', '<=', String(outcomesCounted))
        .execute()
      return rows.map(({ asset_type, mode, verdict, closed_at }) => ({
        assetType: asset_type,
        mode,
        right: verdict === 'confirmed',
        at: Number(closed_at),
      }))
    },

    async shadows() {
      const { rows } = await sql<ShadowRow>`
        SELECT alarm.device, asset_type, state -> 'shadowed' AS raises, (state ->> 'judgedUntil') AS until,
          (SELECT coalesce(json_agg(json_build_object('kind', kind, 'time', time) ORDER BY time), '[]'::json)
            FROM forewarn.life_event AS event WHERE event.device = alarm.device) AS events
        FROM forewarn.alarm AS alarm JOIN forewarn.device AS device ON device.device = alarm.device
        WHERE state -> 'shadowed' IS NOT NULL`.execute(db)
      return rows.map(({ device, asset_type, raises, until, events }) => ({
        device,
        assetType: asset_type,
        raises,
        judgedUntil: Number(until),
        events,
      }))
    },
  }
}

interface ShadowRow {
  readonly device: string
  readonly asset_type: string
  readonly raises: readonly ShadowRaise[]
  readonly until: string
  readonly events: readonly Pick<LifeEvent, 'kind' | 'time'>[]
}
