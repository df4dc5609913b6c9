import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Kysely } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAlarmState } from '../../alerts/alarms/sqlAlarms.ts'
import { migrate, openDatabase } from '../../alerts/db/database.ts'
import { migrations } from '../../alerts/db/migrations/index.ts'
import type { Database } from '../../alerts/db/schema.ts'
import { createMaintenance } from '../../alerts/maintenance/sqlMaintenance.ts'
import { createNotices } from '../../alerts/notices/sqlNotices.ts'
import { openPglite, type Pglite } from '../../alerts/pglite/pglite.ts'
import { createDeviceRegister } from '../../alerts/register/sqlRegister.ts'
import { createTicketStore } from '../../alerts/tickets/sqlTickets.ts'
import { ManualClock } from '../../core/clock.ts'
import type { Notice } from '../../core/notice.ts'
import { alarmStateContract } from './alarms.suite.ts'
import { maintenanceContract } from './maintenance.suite.ts'
import { noticesContract } from './notices.suite.ts'
import { registerContract } from './register.suite.ts'
import { type TicketStoreUnderTest, ticketStoreContract } from './tickets.suite.ts'

// One PGlite for all of them: it takes seconds to make a database.
const parent = mkdtempSync(path.join(tmpdir(), 'forewarn-'))
let pglite: Pglite
let db: Kysely<Database>

async function open() {
  pglite = await openPglite({ folder: path.join(parent, 'pglite') })
  db = await openDatabase(pglite.pool)
}
async function restart<T>(create: () => T): Promise<T> {
  await pglite.close()
  await open()
  return create()
}

beforeAll(open)
afterAll(async () => {
  await pglite.close()
  rmSync(parent, { recursive: true })
})

const clock = new ManualClock(1_732_250_100_000)
const told: TicketStoreUnderTest['told'] = []
const tickets = () =>
  createTicketStore(db, { clock, onChange: (ticket, change) => told.push({ ticket, change }) })

ticketStoreContract('PGlite', async () => ({
  store: tickets(),
  clock,
  told,
  restart: () => restart(tickets),
}))
registerContract('PGlite', async () => ({
  register: createDeviceRegister(db),
  restart: () => restart(() => createDeviceRegister(db)),
}))
maintenanceContract('PGlite', async () => ({
  maintenance: createMaintenance(db),
  restart: () => restart(() => createMaintenance(db)),
}))
const toldNotices: Notice[] = []
const notices = () => createNotices(db, { clock, onChange: (notice) => toldNotices.push(notice) })
noticesContract('PGlite', async () => ({
  notices: notices(),
  clock,
  told: toldNotices,
  restart: () => restart(notices),
}))
alarmStateContract('PGlite', async () => ({
  alarms: createAlarmState(db),
  restart: () => restart(() => createAlarmState(db)),
}))

describe('the database', () => {
  it('applies what is missing once, all of it or nothing, whoever starts at the same time', async () => {
    const ran: string[] = []
    const next = { name: '9001_next', up: async () => void ran.push('next') }
    const failing = { name: '9002_failing', up: async () => Promise.reject(new Error('half-way')) }
    await expect(migrate(db, { wanted: [...migrations, next, failing] })).rejects.toThrow('half-way')
    const both = [
      migrate(db, { wanted: [...migrations, next] }),
      migrate(db, { wanted: [...migrations, next] }),
    ]
    expect((await Promise.all(both)).flat()).toEqual(['9001_next'])
    expect(ran).toEqual(['next', 'next'])
  })

  it('refuses a database of a newer forewarn', async () => {
    const migrating = migrate(db)
    await expect(migrating).rejects.toMatchObject({
      code: 'DATA_FOLDER_UNUSABLE',
      message: expect.stringContaining('9001_next'),
    })
    await db.deleteFrom('forewarn.migration').where('name', '=', '9001_next').execute()
    expect(await migrate(db)).toEqual([])
  })

  it('lets nobody rewrite the history', async () => {
    const edit = db.updateTable('forewarn.ticket_event').set({ actor: 'nobody' })
    await expect(edit.execute()).rejects.toThrow('append-only')
    await expect(db.deleteFrom('forewarn.ticket_event').execute()).rejects.toThrow('append-only')
  })
})
