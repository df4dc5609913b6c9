import { type Kysely, type Selectable, sql } from 'kysely'
import type { Device, DeviceEdit, LifeEvent } from '../../core/device.ts'
import type { DeviceRegister } from '../../core/ports.ts'
import type { Database, DeviceTable } from '../db/schema.ts'
import { transact } from '../db/transact.ts'
import { editDevice, selectDevice } from './edit.ts'

const toDevice = (row: Selectable<DeviceTable>): Device => ({
  device: row.device,
  site: row.site,
  assetType: row.asset_type,
  parent: row.parent,
  criticality: row.criticality,
  firstSeen: Number(row.first_seen),
})

/** A whole fleet may be new at once: a statement must not hold up everything else that uses the database. */
const devicesAStatement = 1_000

/** The device register in PostgreSQL, a server's or PGlite's. */
export function createDeviceRegister(db: Kysely<Database>): DeviceRegister {
  return {
    async seen(devices) {
      for (let from = 0; from < devices.length; from += devicesAStatement) {
        const some = devices.slice(from, from + devicesAStatement)
        // One array a column: thousands of parameters would cost more than the rows.
        await sql`INSERT INTO forewarn.device (device, site, asset_type, criticality, first_seen)
          SELECT device, site, asset_type, 'medium', first_seen FROM unnest(
            ${some.map((d) => d.device)}::text[],
            ${some.map((d) => d.site)}::text[],
            ${some.map((d) => d.assetType)}::text[],
            ${some.map((d) => d.firstSeen)}::bigint[]) AS new (device, site, asset_type, first_seen)
          ON CONFLICT (device) DO NOTHING`.execute(db)
      }
    },

    async list() {
      const rows = await db.selectFrom('forewarn.device').selectAll().orderBy('device').execute()
      return rows.map(toDevice)
    },

    async get(device) {
      return toDevice(await selectDevice(db, device))
    },

    async edit(device, wish, by) {
      return toDevice(await transact(db, (trx) => editDevice(trx, device, wish, by)))
    },

    async edits(device): Promise<DeviceEdit[]> {
      const rows = await db
        .selectFrom('forewarn.device_edit')
        .select(['device', 'at', 'actor', 'field', 'before', 'after'])
        .where('device', '=', device)
        .orderBy('id')
        .execute()
      return rows.map((row) => ({ ...row, at: Number(row.at) }))
    },

    async parents() {
      const rows = await db
        .selectFrom('forewarn.device')
        .select(['device', 'parent'])
        .where('parent', 'is not', null)
        .execute()
      return new Map(rows.map(({ device, parent }) => [device, parent!]))
    },

    async addEvent(event) {
      await db
        .insertInto('forewarn.life_event')
        .values(event)
        .onConflict((conflict) => conflict.columns(['device', 'time', 'kind']).doNothing())
        .execute()
    },

    async events(device): Promise<LifeEvent[]> {
      const rows = await db
        .selectFrom('forewarn.life_event')
        .selectAll()
        .where('device', '=', device)
        .orderBy('time')
        .execute()
      return rows.map((row) => ({ ...row, time: Number(row.time) }))
    },
  }
}
