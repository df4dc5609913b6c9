import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Kysely } from 'kysely'
import { afterAll, beforeAll } from 'vitest'
import { createAlarmState } from '../../alerts/alarms/sqlAlarms.ts'
import { openDatabase } from '../../alerts/db/database.ts'
import type { Database } from '../../alerts/db/schema.ts'
import { openPglite, type Pglite } from '../../alerts/pglite/pglite.ts'
import { createDeviceRegister } from '../../alerts/register/sqlRegister.ts'
import { createTicketStore } from '../../alerts/tickets/sqlTickets.ts'
import { ManualClock } from '../../core/clock.ts'
import { alarmStateContract } from './alarms.suite.ts'
import { registerContract } from './register.suite.ts'
import { type TicketStoreUnderTest, ticketStoreContract } from './tickets.suite.ts'

// One PGlite for all three: it takes seconds to make a database.
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
alarmStateContract('PGlite', async () => ({
  alarms: createAlarmState(db),
  restart: () => restart(() => createAlarmState(db)),
}))
