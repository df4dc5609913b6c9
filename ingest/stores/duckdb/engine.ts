import { basename, dirname } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { ForewarnError, messageOf } from '../../../core/errors.ts'
import { beginMaking, endMaking } from '../../durableFolder.ts'
import { createLimiter } from '../limiter.ts'
import { WalName } from './walName.ts'

/** What is remembered in memory about the file. */
export interface Transactional {
  /** Called after each commit: what the transaction changed now holds for readers, too. */
  committed(): void
}

/** An open instance with what was read from it when it was opened. */
interface Session<State> {
  readonly instance: DuckDBInstance
  readonly writer: DuckDBConnection
  readonly state: State
  readonly names: WalName
  reads: number
  /** Set once it is to be closed; called when the last read has ended. */
  whenIdle?: () => void
}

/** A DuckDB file and its write-ahead log. */
const filesOf = (file: string): string[] => [basename(file), `${basename(file)}.wal`]

/** One thread a query: reads and the writer run side by side anyhow. No extension is ever fetched from a network. */
const settings = { threads: '1', memory_limit: '1GB', autoinstall_known_extensions: 'false' }

/**
 * Holds the one DuckDB instance of a file. A second instance of the same file, even in the same process, silently
 * loses rows, so a new one is opened only after the old one is closed, and that only after its reads have ended.
 *
 * A failed write invalidates what is remembered in memory and, with a full disk, the instance itself: the session is
 * dropped, and the next call opens a new one and reads its state again. Committed rows survive this.
 */
export class Engine<State extends Transactional> {
  private session: Promise<Session<State>> | undefined
  private released: Promise<void> = Promise.resolve()
  private closed = false
  private readonly oneWriter = createLimiter(1)
  private readonly file: string
  private readonly load: (connection: DuckDBConnection) => Promise<State>

  /** `load` makes or upgrades the tables and reads the state, each time the file is opened. */
  constructor(file: string, load: (connection: DuckDBConnection) => Promise<State>) {
    this.file = file
    this.load = load
  }

  /** Throws DATA_FOLDER_UNUSABLE or DATA_FOLDER_LOCKED. */
  async open(): Promise<void> {
    await this.current()
  }

  /** Runs `work` on a connection of its own; it sees what is committed. Throws STORE_UNAVAILABLE. */
  async read<T>(work: (connection: DuckDBConnection, state: State) => Promise<T>): Promise<T> {
    const session = await this.usable()
    session.reads++
    const connection = await session.instance.connect().catch((error) => {
      this.endRead(session)
      throw this.unavailable(error)
    })
    try {
      return await work(connection, session.state)
    } catch (error) {
      if (isFatal(error)) this.drop(session)
      throw this.unavailable(error)
    } finally {
      connection.closeSync()
      this.endRead(session)
    }
  }

  /** Runs `work` in a transaction, one at a time. Throws STORE_UNAVAILABLE: then nothing of it was kept. */
  write<T>(work: (connection: DuckDBConnection, state: State) => Promise<T>): Promise<T> {
    return this.oneWriter(async () => {
      const session = await this.usable()
      try {
        await session.writer.run('BEGIN')
        const result = await work(session.writer, session.state)
        await session.writer.run('COMMIT')
        session.names.sync()
        session.state.committed()
        return result
      } catch (error) {
        this.drop(session)
        throw this.unavailable(error)
      }
    })
  }

  /** Waits for the running write and reads, then closes the file. */
  async close(): Promise<void> {
    await this.oneWriter(async () => {
      this.closed = true
      const session = await this.session?.catch(() => undefined)
      if (session) this.drop(session)
    })
    await this.released
  }

  private current(): Promise<Session<State>> {
    if (this.closed) throw new ForewarnError('STORE_UNAVAILABLE', { problem: 'it was closed' })
    if (!this.session) {
      const opening = this.released.then(() => this.openSession())
      this.session = opening
      opening.catch(() => {
        this.session = undefined
      })
    }
    return this.session
  }

  private async usable(): Promise<Session<State>> {
    try {
      return await this.current()
    } catch (error) {
      throw this.unavailable(error)
    }
  }

  private async openSession(): Promise<Session<State>> {
    let instance: DuckDBInstance | undefined
    try {
      beginMaking(dirname(this.file), filesOf(this.file))
      instance = await DuckDBInstance.create(this.file, settings)
      const writer = await instance.connect()
      const state = await this.load(writer)
      endMaking(dirname(this.file), filesOf(this.file))
      return { instance, writer, state, names: new WalName(this.file), reads: 0 }
    } catch (error) {
      instance?.closeSync()
      throw openingError(error, this.file)
    }
  }

  private drop(session: Session<State>): void {
    if (session.whenIdle) return
    this.session = undefined
    this.released = new Promise((resolve) => {
      session.whenIdle = () => {
        // Closing the writer's connection rolls back what it had open.
        session.writer.closeSync()
        session.instance.closeSync()
        resolve()
      }
      if (session.reads === 0) session.whenIdle()
    })
  }

  private endRead(session: Session<State>): void {
    if (--session.reads === 0) session.whenIdle?.()
  }

  private unavailable(error: unknown): ForewarnError {
    if (error instanceof ForewarnError && error.code === 'STORE_UNAVAILABLE') return error
    const problem =
      error instanceof ForewarnError ? (error.details.problem ?? error.message) : firstLine(error)
    return new ForewarnError('STORE_UNAVAILABLE', { problem: `${this.file}: ${problem}` }, error)
  }
}

const firstLine = (error: unknown): string => messageOf(error).split('\n')[0]!

/** After these the instance refuses everything: "database has been invalidated because of a previous fatal error". */
const isFatal = (error: unknown): boolean => /FATAL|INTERNAL Error|invalidated/.test(messageOf(error))

function openingError(error: unknown, file: string): ForewarnError {
  if (error instanceof ForewarnError) return error
  const folder = dirname(file)
  const holder = /set lock on file.*\(PID (\d+)\)/s.exec(messageOf(error))
  if (holder) return new ForewarnError('DATA_FOLDER_LOCKED', { folder, pid: holder[1] }, error)
  return new ForewarnError('DATA_FOLDER_UNUSABLE', { folder, problem: firstLine(error) }, error)
}
