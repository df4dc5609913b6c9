import type { Kysely } from 'kysely'
import { createAlarmState } from '../../alerts/alarms/sqlAlarms.ts'
import type { Database } from '../../alerts/db/schema.ts'
import { createMaintenance } from '../../alerts/maintenance/sqlMaintenance.ts'
import { createNotices } from '../../alerts/notices/sqlNotices.ts'
import { createDeviceRegister } from '../../alerts/register/sqlRegister.ts'
import { createTicketStore } from '../../alerts/tickets/sqlTickets.ts'
import { ManualClock } from '../../core/clock.ts'
import { predictionOf } from '../contracts/ticketsPredictions.ts'

const start = 1_732_250_000_000

/** A database with something in every table: `tickets` tickets, every second one through a planner's hands. */
export async function fillStore(db: Kysely<Database>, tickets: number): Promise<void> {
  const store = createTicketStore(db, { clock: new ManualClock(start + 500) })
  const devices = Array.from({ length: tickets }, (_, i) => `o'pump "${i}" ä`)
  for (const [i, device] of devices.entries()) {
    const prediction = predictionOf({
      device,
      failureProbability: 0.1 + i / 1e15,
      publishedAt: i === 1 ? null : start,
    })
    const { ticket } = await store.raise(prediction)
    await store.raise({ ...prediction, id: `${prediction.id} again`, windowEnd: prediction.windowEnd + 1 })
    if (i % 2 === 0) continue
    await store.comment(ticket.id, 'Anna', 'back\\slash, \u{1F527} and\nlines')
    const verdict = { verdict: 'confirmed', verdictMode: 'seal_leak', note: 'leaked' } as const
    await store.change(ticket.id, { to: 'resolved', actor: 'Anna', version: ticket.version, ...verdict })
  }
  await fillRegister(db, devices)
}

async function fillRegister(db: Kysely<Database>, devices: readonly string[]) {
  const register = createDeviceRegister(db)
  await register.seen(
    devices.map((device) => ({ device, site: 'north', assetType: 'pump', firstSeen: start })),
  )
  for (const device of devices) {
    await register.addEvent({ device, time: start, kind: 'installed', detail: '' })
    await register.addEvent({ device, time: start + 1, kind: 'repaired', detail: 'seal, 2 %' })
  }
  const [first, second] = devices
  if (second !== undefined)
    await register.edit(second, { parent: first!, criticality: 'high' }, { actor: 'Anna', at: start })
  const work = {
    scope: 'site',
    of: 'north',
    from: start,
    to: start + 5,
    reason: 'belt',
    actor: 'Anna',
  } as const
  await createMaintenance(db).add(work)
  const notices = createNotices(db, { clock: new ManualClock(start) })
  await notices.open(
    devices.map((device) => ({ device, site: 'north', assetType: 'pump', reason: 'gap' as const })),
  )
  await notices.close(devices.slice(1))
  await createAlarmState(db).save(
    devices.map((device, i) => ({
      device,
      judgedUntil: start + i,
      recent: [true, false],
      raised: i % 2 === 0,
      mode: i % 2 === 0 ? 'seal_leak' : null,
      lastSent: 0,
      windows: [{ end: start, failureProbability: 1 / 3, mode: 'seal_leak' }],
      raisedAt: null,
      sinceSent: i,
    })),
  )
}
