import fs from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import { ForewarnError, messageOf } from '../../core/errors.ts'
import { PgliteConnection } from './connection.ts'
import { type EngineThread, startEngine } from './engine.ts'
import { lockFolder } from './folderLock.ts'
import { scheduleMaintenance } from './maintenance.ts'
import { Session } from './session.ts'

export interface PgliteOptions {
  /** The database's own folder; made when missing. A lock file `<folder>.lock` is kept beside it. */
  readonly folder: string
  /** The engine ended by itself: nothing can be stored any more, the process should stop. */
  readonly onFatal?: ((error: ForewarnError) => void) | undefined
  /** Hears of maintenance that failed. */
  readonly logger?: { warn(details: object, message: string): void } | undefined
  /** Time between rounds of VACUUM and CHECKPOINT; 5 minutes by default. */
  readonly maintenanceMs?: number | undefined
  /** How long a query waits behind another connection's transaction before it fails with 55P03; 5 s by default. */
  readonly patienceMs?: number | undefined
}

export interface Pglite {
  /** The real `pg` pool; its connections share one session, so `SET` is seen by all and LISTEN is never undone. */
  readonly pool: pg.Pool
  /** Ends the pool, shuts the database down cleanly, gives the folder back. */
  close(): Promise<void>
}

/**
 * Opens the embedded PostgreSQL. A commit is on disk (fsync) when its promise resolves.
 * Throws DATA_FOLDER_LOCKED when another process has it, DATA_FOLDER_UNUSABLE when the folder cannot be written or
 * is damaged.
 */
export async function openPglite(options: PgliteOptions): Promise<Pglite> {
  const folder = path.resolve(options.folder)
  const unusable = (reason: unknown) =>
    new ForewarnError('DATA_FOLDER_UNUSABLE', { folder, problem: messageOf(reason) }, reason)
  const unlock = lock(folder, unusable)
  let session: Session | undefined
  const onLost = (reason: Error) => {
    session?.fail(reason)
    options.onFatal?.(unusable(reason))
  }
  const engine = await startEngine(folder, onLost).catch((reason) => {
    unlock()
    throw unusable(reason)
  })
  session = new Session(engine.run, options.patienceMs)
  const pool = createPool(session)
  const stopMaintenance = scheduleMaintenance(pool, options.maintenanceMs ?? 300_000, (reason) =>
    options.logger?.warn({ err: reason }, 'maintenance of the embedded database'),
  )
  let closed: Promise<void> | undefined
  const close = () => (closed ??= shutDown(pool, stopMaintenance, engine).finally(unlock))
  return { pool, close }
}

function lock(folder: string, unusable: (reason: unknown) => ForewarnError): () => void {
  try {
    fs.mkdirSync(path.dirname(folder), { recursive: true })
    return lockFolder(`${folder}.lock`)
  } catch (error) {
    throw error instanceof ForewarnError ? error : unusable(error)
  }
}

function createPool(session: Session): pg.Pool {
  const pool = new pg.Pool({
    stream: () => new PgliteConnection(session) as never,
    user: 'postgres',
    database: 'postgres',
    max: 100,
    keepAlive: true,
  })
  // BullMQ and Kysely add listeners of their own; a client's errors reach its caller through its query.
  pool.setMaxListeners(0)
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

/** A connection that somebody forgot to release must not keep the database from being closed. */
const releaseGraceMs = 5000

async function shutDown(pool: pg.Pool, stopMaintenance: () => Promise<void>, engine: EngineThread) {
  await stopMaintenance()
  let timer: NodeJS.Timeout | undefined
  const grace = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, releaseGraceMs)
  })
  await Promise.race([pool.end(), grace])
  clearTimeout(timer)
  await engine.close()
}
