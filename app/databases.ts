import type pg from 'pg'
import { openTicketDatabase, type TicketDatabase } from '../alerts/db/open.ts'
import { openPglite, type Pglite } from '../alerts/pglite/pglite.ts'
import type { Around } from './around.ts'

/** The ticket database, and the embedded PostgreSQL where the queue needs it. */
export interface Databases extends Pick<TicketDatabase, 'db' | 'ping'> {
  readonly embedded: pg.Pool | undefined
}

/** `folder`: that of the embedded PostgreSQL, which is opened only where tickets or queue are in it. */
export async function openDatabases(around: Around, folder: string): Promise<Databases> {
  const { config, closers, logger, onFatal } = around
  let opened: Promise<Pglite> | undefined
  const pglite = () => {
    opened ??= openPglite({ folder, onFatal, logger }).then((engine) => {
      closers.add('PGlite', () => engine.close())
      return engine
    })
    return opened
  }
  const embedded = config.queue.url.startsWith('pglite:') ? (await pglite()).pool : undefined
  const database = await openTicketDatabase(config.tickets, { pglite, logger })
  closers.add('ticket database', () => database.close())
  return { db: database.db, ping: database.ping, embedded }
}
