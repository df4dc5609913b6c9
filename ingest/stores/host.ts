import { Worker } from 'node:worker_threads'
import type { Catalogue } from '../../core/catalogue.ts'
import { ForewarnError, messageOf } from '../../core/errors.ts'
import type { ScoreStore, TelemetryStore, TrendRecords } from '../../core/ports.ts'
import type { LogPosition } from '../../core/reading.ts'
import { heapOf } from '../../core/threadHeap.ts'
import { workerEntry } from '../../core/worker.ts'
import type { StoreLogger } from './logger.ts'
import { type OnWritten, Reports } from './reports.ts'
import { type Callable, type FromWorker, type StoreWorkerData, type ToWorker, unpack } from './rpc.ts'
import { scoreOf, type TelemetryConfig } from './store.ts'
import type { WriterState, Written } from './writer.ts'

export type { StoreLogger } from './logger.ts'
export type { WriterState, Written } from './writer.ts'

export interface StoreStats {
  /** Newest position of the log that is in the store. */
  readonly position: LogPosition
  /** Totals: since the store was made where it remembers them (DuckDB), else since this start. */
  readonly stored: number
  readonly duplicates: number
  readonly refused: number
  readonly state: WriterState
  /** Why the state is not `ok`. */
  readonly error?: string
}

export interface StoreHandle {
  /** Reads only: `write` throws, as readings reach the store through the log alone. */
  readonly telemetry: TelemetryStore
  readonly scores: ScoreStore
  readonly records: TrendRecords
  /**
   * Called for every slice that the store has, in order, one at a time, from the first one on (reports wait for the
   * first call of `onWritten`). A callback that throws is called again: what it could not keep must not be lost.
   */
  onWritten(callback: OnWritten): void
  stats(): StoreStats
  /** Ends the writer after its current write, waits for its reports to be answered, closes the store. */
  close(): Promise<void>
}

export interface StoreOptions {
  readonly telemetry: TelemetryConfig
  readonly dataFolder: string
  /** The reading log that is written to the store; without one (a process that does not ingest) nothing is written. */
  readonly logFolder?: string | undefined
  readonly catalogue: Catalogue
  readonly logger: StoreLogger
  /** The log's cursor of the store, for stores that keep none themselves; default 0. */
  readonly from?: LogPosition
  /** The store's thread ended by itself: nothing is stored any more and the process should stop. */
  onFatal?(error: ForewarnError): void
}

/**
 * Starts the store's worker thread with its writer loop; without a log it looks at the store now and then instead, so
 * that its state tells the truth. Resolves when the store is open, or does not answer yet (state `retrying`). Throws DATA_FOLDER_UNUSABLE, DATA_FOLDER_LOCKED, STORE_MISCONFIGURED, CONFIG_INVALID.
 */
export async function startStore(options: StoreOptions): Promise<StoreHandle> {
  const host = new StoreHost(options)
  await host.ready
  return host.handle()
}

type Pending = { resolve(value: unknown): void; reject(error: Error): void }

class StoreHost {
  readonly ready: Promise<void>
  private readonly worker: Worker
  private readonly exited: Promise<void>
  private readonly pending = new Map<number, Pending>()
  private calls = 0
  private started = false
  private closing = false
  private alive = true
  private stats: StoreStats = { position: 0, stored: 0, duplicates: 0, refused: 0, state: 'ok' }
  private readonly reports: Reports
  private readonly options: StoreOptions

  constructor(options: StoreOptions) {
    this.options = options
    this.reports = new Reports(options.logger)
    const { telemetry, dataFolder, logFolder, catalogue, from = 0 } = options
    const heap = heapOf('store')
    const data: StoreWorkerData = { telemetry, dataFolder, logFolder, catalogue, from, heap }
    const entry = workerEntry(import.meta.url, 'store.worker')
    this.worker = new Worker(entry.url, { execArgv: entry.execArgv, workerData: data, name: 'store' })
    let crash: unknown
    this.worker.on('error', (error) => {
      crash = error
    })
    this.exited = new Promise((resolve) => this.worker.once('exit', () => resolve()))
    this.ready = new Promise((resolve, reject) => {
      this.worker.on('message', (message: FromWorker) => {
        this.receive(message)
        if (message.kind === 'ready') resolve()
        if (message.kind !== 'failed') return
        crash = unpack(message.error)
        reject(crash)
      })
      void this.exited.then(() => {
        const error = this.ended(crash)
        reject(error)
        if (this.started && !this.closing) this.options.onFatal?.(error)
      })
    })
  }

  handle(): StoreHandle {
    const call =
      <T>(method: Callable) =>
      (...args: unknown[]) =>
        this.call(method, args) as Promise<T>
    const close = () => this.close()
    return {
      telemetry: {
        write: () => Promise.reject(onlyThroughLog()),
        cursor: call('cursor'),
        window: call('window'),
        windows: call('windows'),
        trend: call('trend'),
        latest: call('latest'),
        devices: call('devices'),
        counts: call('counts'),
        close,
      },
      scores: {
        writeScores: (scores) => this.call('writeScores', [scores.map(scoreOf)]) as Promise<void>,
        scores: call('scores'),
        scoreCount: call('scoreCount'),
      },
      records: { record: call('record') },
      onWritten: (callback) => this.reports.take(callback),
      stats: () => this.stats,
      close,
    }
  }

  private send(message: ToWorker): void {
    this.worker.postMessage(message)
  }

  private call(method: Callable, args: readonly unknown[]): Promise<unknown> {
    if (this.closing || !this.alive) return Promise.reject(this.gone())
    return new Promise((resolve, reject) => {
      const id = ++this.calls
      this.pending.set(id, { resolve, reject })
      this.send({ kind: 'call', id, method, args })
    })
  }

  private receive(message: FromWorker): void {
    if (message.kind === 'result') this.settle(message.id)?.resolve(message.value)
    else if (message.kind === 'error') this.settle(message.id)?.reject(unpack(message.error))
    else if (message.kind === 'written') this.reportWritten(message.report, message.written)
    else if (message.kind === 'state') this.changeState(message.state, message.error && unpack(message.error))
    else if (message.kind === 'notice')
      this.options.logger.warn({ remedy: message.notice.remedy }, message.notice.detail)
    else if (message.kind === 'ready') {
      this.started = true
      this.stats = { ...this.stats, position: message.position, ...message.totals }
    }
  }

  private settle(id: number): Pending | undefined {
    const pending = this.pending.get(id)
    this.pending.delete(id)
    return pending
  }

  private reportWritten(report: number, written: Written): void {
    const { stored, duplicates, refused } = this.stats
    this.stats = {
      ...this.stats,
      position: written.position,
      stored: stored + written.stored,
      duplicates: duplicates + written.duplicates,
      refused: refused + written.refused.length,
    }
    this.reports.add(written, () => this.send({ kind: 'answered', report }))
  }

  private changeState(state: WriterState, error: ForewarnError | undefined): void {
    const { error: _, ...rest } = this.stats
    const changed = state !== this.stats.state
    this.stats = error ? { ...rest, state, error: error.message } : { ...rest, state }
    if (!changed) return
    if (error)
      this.options.logger.warn({ state, error: error.message, remedy: error.remedy }, 'telemetry store fails')
    else this.options.logger.info({ state }, 'telemetry store answers again')
  }

  /** The thread is gone. Returns the error for whoever still waits for it. */
  private ended(crash: unknown): ForewarnError {
    const error = crash === undefined ? this.gone() : this.gone(messageOf(crash))
    this.alive = false
    for (const pending of this.pending.values()) pending.reject(error)
    this.pending.clear()
    this.stats = { ...this.stats, state: 'stopped', error: error.message }
    return error
  }

  private gone(problem = 'its thread has ended'): ForewarnError {
    return new ForewarnError('STORE_UNAVAILABLE', { problem })
  }

  private async close(): Promise<void> {
    this.closing = true
    this.send({ kind: 'close' })
    await this.exited
    await this.reports.end()
  }
}

const onlyThroughLog = () =>
  new ForewarnError('INTERNAL', { problem: 'readings reach the store only through the reading log' })
