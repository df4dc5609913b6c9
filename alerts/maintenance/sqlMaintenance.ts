import type { Kysely, Selectable } from 'kysely'
import { ForewarnError } from '../../core/errors.ts'
import type { MaintenanceWindow } from '../../core/maintenance.ts'
import type { Maintenance } from '../../core/ports.ts'
import type { Database, MaintenanceTable } from '../db/schema.ts'
import { transact } from '../db/transact.ts'

const toWindow = (row: Selectable<MaintenanceTable>): MaintenanceWindow => ({
  id: row.id,
  scope: row.scope,
  of: row.of_name,
  from: Number(row.from_time),
  to: Number(row.to_time),
  reason: row.reason,
  actor: row.actor,
  endedBy: row.ended_by,
})

/** Maintenance windows in PostgreSQL, a server's or PGlite's. `onChange` is awaited: after it they are in force here. */
export function createMaintenance(
  db: Kysely<Database>,
  onChange: () => Promise<unknown> = async () => undefined,
): Maintenance {
  return {
    async add({ scope, of, from, to, reason, actor }) {
      const row = await db
        .insertInto('forewarn.maintenance')
        .values({ scope, of_name: of, from_time: from, to_time: to, reason, actor })
        .returningAll()
        .executeTakeFirstOrThrow()
      await onChange()
      return toWindow(row)
    },

    async list() {
      const rows = await db.selectFrom('forewarn.maintenance').selectAll().orderBy('id', 'desc').execute()
      return rows.map(toWindow)
    },

    async end(id, { at, actor }) {
      const ended = await transact(db, async (trx) => {
        const row = await trx
          .selectFrom('forewarn.maintenance')
          .selectAll()
          .where('id', '=', id)
          .forUpdate()
          .executeTakeFirst()
        if (!row) throw new ForewarnError('MAINTENANCE_UNKNOWN', { id })
        const { from, to } = toWindow(row)
        if (at >= to) throw new ForewarnError('MAINTENANCE_OVER', { id, to: new Date(to).toISOString() })
        // One that has not begun mutes nothing at all.
        return trx
          .updateTable('forewarn.maintenance')
          .set({ to_time: Math.max(from, at), ended_by: actor })
          .where('id', '=', id)
          .returningAll()
          .executeTakeFirstOrThrow()
      })
      await onChange()
      return toWindow(ended)
    },
  }
}
