import { type Kysely, type Selectable, sql } from 'kysely'
import type { Clock } from '../../core/clock.ts'
import type { Notice } from '../../core/notice.ts'
import type { Notices } from '../../core/ports.ts'
import type { Database, NoticeTable } from '../db/schema.ts'

const toNotice = (row: Selectable<NoticeTable>): Notice => ({
  id: row.id,
  device: row.device,
  site: row.site,
  assetType: row.asset_type,
  reason: row.reason,
  openedAt: Number(row.opened_at),
  closedAt: row.closed_at === null ? null : Number(row.closed_at),
})

const defaultLimit = 500

/** Notices in PostgreSQL, a server's or PGlite's. `onChange` is told after the commit, of what changed alone. */
export function createNotices(
  db: Kysely<Database>,
  { clock, onChange = () => undefined }: { clock: Clock; onChange?: (notice: Notice) => void },
): Notices {
  const told = (rows: readonly Selectable<NoticeTable>[]) => {
    for (const row of rows) onChange(toNotice(row))
  }
  return {
    async open(devices) {
      if (devices.length === 0) return
      const now = clock.now()
      // The unique index decides who was first; a notice that stands takes a new reason only.
      const rows = await db
        .insertInto('forewarn.notice')
        .values(
          devices.map(({ device, site, assetType, reason }) => ({
            device,
            site,
            asset_type: assetType,
            reason,
            opened_at: now,
          })),
        )
        .onConflict((conflict) =>
          conflict
            .columns(['device'])
            .where('closed_at', 'is', null)
            .doUpdateSet({ reason: sql`excluded.reason` })
            .where(sql<boolean>`notice.reason <> excluded.reason`),
        )
        .returningAll()
        .execute()
      told(rows)
    },

    async close(devices) {
      if (devices.length === 0) return
      const rows = await db
        .updateTable('forewarn.notice')
        .set({ closed_at: clock.now() })
        .where('device', 'in', [...devices])
        .where('closed_at', 'is', null)
        .returningAll()
        .execute()
      told(rows)
    },

    async list({ open, device, limit = defaultLimit } = {}) {
      const rows = await db
        .selectFrom('forewarn.notice')
        .selectAll()
        .$if(open === true, (query) => query.where('closed_at', 'is', null))
        .$if(open === false, (query) => query.where('closed_at', 'is not', null))
        .$if(device !== undefined, (query) => query.where('device', '=', device!))
        .orderBy('id', 'desc')
        .limit(limit)
        .execute()
      return rows.map(toNotice)
    },
  }
}
