import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Kysely } from 'kysely'
import { openTicketDatabase } from '../../alerts/db/open.ts'
import type { Database } from '../../alerts/db/schema.ts'
import { openPglite, type Pglite } from '../../alerts/pglite/pglite.ts'
import { openQueue } from '../../alerts/queue/open.ts'
import type { Catalogue } from '../../core/catalogue.ts'
import type { Clock } from '../../core/clock.ts'
import type { Config } from '../../core/config.ts'
import type { PredictionQueue } from '../../core/ports.ts'
import { createStore } from '../../ingest/stores/open.ts'
import type { Store } from '../../ingest/stores/store.ts'
import type { Closers } from '../closers.ts'
import { type HeldFolder, holdDataFolder } from '../dataFolder.ts'
import { loadCatalogue } from '../loadCatalogue.ts'

/** What a backup reads and a restore writes, opened by themselves: nothing else of forewarn runs meanwhile. */
export interface Parts {
  readonly catalogue: Catalogue
  readonly folder: string
  readonly logFolder: string
  readonly store: Store
  readonly db: Kysely<Database>
  readonly queue: PredictionQueue
}

export interface Surroundings {
  readonly config: Config
  readonly clock: Clock
  /** Takes the data folder; a restore may take one that a restore left half-way. */
  readonly hold?: (folder: string) => HeldFolder
}

/**
 * Opens every part that the configuration names. Forewarn has to be stopped: throws DATA_FOLDER_LOCKED, and whatever a part
 * that cannot be opened throws.
 */
export async function openParts(
  { config, hold = holdDataFolder }: Surroundings,
  closers: Closers,
): Promise<Parts> {
  const catalogue = loadCatalogue(config.catalogue.folder)
  const held = hold(resolve(config.data.folder))
  closers.add('data folder', held.release)
  const { folder } = held

  const store = createStore(config.telemetry, folder, catalogue)
  closers.add('telemetry store', () => store.close())
  await store.open()

  let pglite: Pglite | undefined
  const embedded = async (): Promise<Pglite> => {
    if (pglite) return pglite
    pglite = await openPglite({ folder: join(folder, 'pg') })
    closers.add('PGlite', () => pglite?.close())
    return pglite
  }
  const tickets = await openTicketDatabase(config.tickets, { pglite: embedded })
  closers.add('ticket database', () => tickets.close())
  const pool = config.queue.url.startsWith('pglite:') ? (await embedded()).pool : undefined
  const queue = await openQueue(config.queue, { pool })
  closers.add('queue', () => queue.close())
  return { catalogue, folder, logFolder: join(folder, 'log'), store, db: tickets.db, queue }
}

/** Whether a log was ever kept here. */
export const hasLog = ({ logFolder }: Parts): boolean => existsSync(logFolder)
