import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { openDatabase } from '../../alerts/db/database.ts'
import { openPglite, type Pglite } from '../../alerts/pglite/pglite.ts'
import { createPgliteQueue } from '../../alerts/queue/pgliteQueue.ts'
import { createTicketStore } from '../../alerts/tickets/sqlTickets.ts'
import { systemClock } from '../../core/clock.ts'
import { oneTicketContract } from './oneTicket.suite.ts'
import { queueSettings } from './queue.suite.ts'

const parent = mkdtempSync(path.join(tmpdir(), 'forewarn-'))
let pglite: Pglite
beforeAll(async () => {
  pglite = await openPglite({ folder: path.join(parent, 'pglite') })
})
afterAll(async () => {
  await pglite.close()
  rmSync(parent, { recursive: true })
})

oneTicketContract('BullMQ on PGlite, tickets on PGlite', async () => {
  const queue = await createPgliteQueue(pglite.pool, queueSettings)
  const store = createTicketStore(await openDatabase(pglite.pool), { clock: systemClock })
  return { queue, store, close: () => queue.close() }
})
