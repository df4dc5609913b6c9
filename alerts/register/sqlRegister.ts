import type { Kysely } from 'kysely'
import type { Device, LifeEvent } from '../../core/device.ts'
import { ForewarnError } from '../../core/errors.ts'
import type { DeviceRegister } from '../../core/ports.ts'
import type { Database, DeviceTable } from '../db/schema.ts'

type DeviceRow = { [K in keyof DeviceTable]: K extends 'first_seen' ? string : DeviceTable[K] }

const toDevice = (row: DeviceRow): Device => ({
  device: row.device,
  site: row.site,
  assetType: row.asset_type,
  parent: row.parent,
  criticality: row.criticality,
  firstSeen: Number(row.first_seen),
})

/** PostgreSQL takes 65,535 parameters a statement; a device needs five. */
const devicesAStatement = 5000

/** The device register in PostgreSQL, a server's or PGlite's. */
export function createDeviceRegister(db: Kysely<Database>): DeviceRegister {
  return {
    async seen(devices) {
      for (let from = 0; from < devices.length; from += devicesAStatement) {
        const rows = devices
          .slice(from, from + devicesAStatement)
          .map(({ device, site, assetType, firstSeen }) => ({
            device,
            site,
            asset_type: assetType,
            criticality: 'medium' as const,
            first_seen: firstSeen,
          }))
        await db
          .insertInto('forewarn.device')
          .values(rows)
          .onConflict((conflict) => conflict.column('device').doNothing())
          .execute()
      }
    },

    async list() {
      const rows = await db.selectFrom('forewarn.device').selectAll().orderBy('device').execute()
      return rows.map(toDevice)
    },

    async get(device) {
      const query = db.selectFrom('forewarn.device').selectAll().where('device', '=', device)
      const row = await query.executeTakeFirst()
      if (!row) throw new ForewarnError('DEVICE_UNKNOWN', { device })
      return toDevice(row)
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
