import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAlarmState } from '../../alarms/sqlAlarms.ts'
import { openDatabase } from '../../db/database.ts'
import { createOutgoingStore } from '../../outgoing/sqlOutgoing.ts'
import { openPglite } from '../../pglite/pglite.ts'
import { createDeviceRegister } from '../../register/sqlRegister.ts'
import { createTicketStore } from '../../tickets/sqlTickets.ts'
import type { ServerDeps } from '../deps.ts'
import { makeDevice, makeTicket } from './fixtures.ts'
import { fakeWorld } from './world.ts'

export interface DatabaseWorld {
  readonly deps: ServerDeps
  /** Everything that went wrong inside, as the log would have it. */
  readonly errors: unknown[]
  close(): Promise<void>
}

/**
 * The fake world with the real stores on PGlite where a part lives in the database: three tickets of two devices, and a
 * receiver that reaches nobody.
 */
export async function databaseWorld(): Promise<DatabaseWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'forewarn-world-'))
  const pglite = await openPglite({ folder: join(folder, 'pg') })
  const db = await openDatabase(pglite.pool)
  const errors: unknown[] = []
  const { deps: fakes, clock } = fakeWorld()
  const register = createDeviceRegister(db)
  const store = createOutgoingStore(db, { clock })
  const alarms = createAlarmState(db)
  const deps: ServerDeps = {
    ...fakes,
    register,
    tickets: createTicketStore(db, { clock }),
    outgoing: { ...fakes.outgoing, store },
    alarm: (device) => alarms.of(device),
    lifeEvent: (event) => register.addEvent(event),
    logger: { ...fakes.logger, error: (details) => void errors.push(details) },
  }
  await fill(deps)
  return {
    deps,
    errors,
    async close() {
      await pglite.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function fill({ register, tickets, outgoing }: ServerDeps): Promise<void> {
  await register.seen(['pump-1', 'pump-2'].map(makeDevice))
  const secret = Buffer.alloc(24, 1).toString('base64')
  const wishes = { name: 'cmms', enabled: true, sites: [], assetTypes: [], priorities: [] }
  await outgoing.store.add({
    kind: 'webhook',
    url: 'https://cmms.example/',
    secret,
    events: ['opened'],
    ...wishes,
  })
  const { prediction } = makeTicket()
  for (const [i, device] of ['pump-1', 'pump-2', 'pump-3'].entries()) {
    await tickets.raise({ ...prediction, id: `p${i}`, device })
  }
}
