import { type Kysely, sql } from 'kysely'
import type { AlarmState } from '../../core/ports.ts'
import type { Database } from '../db/schema.ts'

/** What the policy remembers, in PostgreSQL, a server's or PGlite's. */
export function createAlarmState(db: Kysely<Database>): AlarmState {
  return {
    async load() {
      const rows = await db.selectFrom('forewarn.alarm').selectAll().execute()
      return new Map(rows.map((row) => [row.device, row.state]))
    },

    async of(device) {
      const query = db.selectFrom('forewarn.alarm').select('state').where('device', '=', device)
      return (await query.executeTakeFirst())?.state
    },

    async standing(devices) {
      if (devices.length === 0) return new Set()
      const { rows } = await sql<{ device: string }>`SELECT device FROM forewarn.alarm
        WHERE device = ANY(${[...devices]}::text[]) AND (state->>'raised')::boolean`.execute(db)
      return new Set(rows.map(({ device }) => device))
    },

    /** One statement with one array a column, so one commit, however many devices. */
    async save(alarms) {
      // A device that comes twice in one call: the later state counts.
      const states = [...new Map(alarms.map((alarm) => [alarm.device, alarm])).values()]
      if (states.length === 0) return
      await sql`INSERT INTO forewarn.alarm (device, state)
        SELECT * FROM unnest(
          ${states.map((alarm) => alarm.device)}::text[],
          ${states.map((alarm) => JSON.stringify(alarm))}::jsonb[])
        ON CONFLICT (device) DO UPDATE SET state = excluded.state`.execute(db)
    },
  }
}
