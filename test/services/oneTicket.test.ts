import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { openTicketDatabase } from '../../alerts/db/open.ts'
import { openPglite, type Pglite } from '../../alerts/pglite/pglite.ts'
import { openQueue } from '../../alerts/queue/open.ts'
import { createTicketStore } from '../../alerts/tickets/sqlTickets.ts'
import { systemClock } from '../../core/clock.ts'
import { oneTicketContract } from '../contracts/oneTicket.suite.ts'
import { queueSettings } from '../contracts/queue.suite.ts'
import { describeServices, type Service, startService } from './harness.ts'

describeServices(['postgres', 'redis-server'], 'one ticket of many predictions', () => {
  const parent = mkdtempSync(path.join(tmpdir(), 'forewarn-'))
  let postgres: Service
  let redis: Service
  let pglite: Pglite
  beforeAll(async () => {
    pglite = await openPglite({ folder: path.join(parent, 'pglite') })
    postgres = await startService('postgres')
    redis = await startService('redis-server')
  })
  afterAll(async () => {
    await pglite?.close()
    await postgres?.close()
    await redis?.close()
    rmSync(parent, { recursive: true })
  })

  async function open(queueUrl: string, ticketsUrl: string) {
    const queue = await openQueue({ ...queueSettings, url: queueUrl }, { pool: pglite.pool })
    const settings = { url: ticketsUrl, caFile: '' }
    const database = await openTicketDatabase(settings, { pglite: async () => pglite })
    const close = async () => {
      await queue.close()
      await database.close()
    }
    return { queue, store: createTicketStore(database.db, { clock: systemClock }), close }
  }

  oneTicketContract('BullMQ on PGlite, tickets on PostgreSQL', () => open('pglite:', postgres.url))
  oneTicketContract('BullMQ on Redis, tickets on PGlite', () => open(redis.url, 'pglite:'))
  oneTicketContract('BullMQ on Redis, tickets on PostgreSQL', () => open(redis.url, postgres.url))
})
