import { parentPort, workerData } from 'node:worker_threads'
import { systemClock } from '../../core/clock.ts'
import { ForewarnError } from '../../core/errors.ts'
import type { LogReader } from '../../core/ports.ts'
import { tellHeap } from '../../core/threadHeap.ts'
import { openLogReader } from '../log/lmdbReader.ts'
import { createLimiter } from './limiter.ts'
import { createStore } from './open.ts'
import { buffersIn, type FromWorker, pack, type StoreWorkerData, type ToWorker } from './rpc.ts'
import type { Store } from './store.ts'
import { watchStore } from './watch.ts'
import { runWriter, type WriterState } from './writer.ts'

/**
 * The store's thread: the one place that holds the adapter. It writes what the log holds and answers the reads of the
 * main thread. It ends by message only: terminating a thread inside a DuckDB statement aborts the whole process.
 */
const port = parentPort!
const { telemetry, dataFolder, logFolder, catalogue, from, heap } = workerData as StoreWorkerData
tellHeap(heap)

const post = (message: FromWorker, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer)

/** Long queries share libuv's few threads with everything else in the process. */
const limitCalls = createLimiter(2)

const stopping = new AbortController()
const unanswered = new Map<number, () => void>()
let reports = 0

/** Opens the store; one that does not answer yet is no reason not to start: the log keeps what comes. */
async function openPatiently(): Promise<Store> {
  const store = createStore(telemetry, dataFolder, catalogue, (notice) => post({ kind: 'notice', notice }))
  try {
    // Who only reads needs no knowledge of the newest readings.
    await (logFolder === undefined ? store.look() : store.open())
  } catch (error) {
    if (!(error instanceof ForewarnError) || error.next !== 'retry') throw error
    post({ kind: 'state', state: 'retrying', error: pack(error) })
  }
  return store
}

async function call(store: Store, message: Extract<ToWorker, { kind: 'call' }>): Promise<void> {
  const { id, method, args } = message
  try {
    const run = store[method] as (...args: unknown[]) => Promise<unknown>
    const value = await limitCalls(() => run(...args))
    post({ kind: 'result', id, value }, buffersIn(value))
  } catch (error) {
    post({ kind: 'error', id, error: pack(error) })
  }
}

const onState = (state: WriterState, error?: unknown) =>
  post(error === undefined ? { kind: 'state', state } : { kind: 'state', state, error: pack(error) })

const watch = (store: Store): Promise<void> =>
  watchStore({ store, clock: systemClock, onState, signal: stopping.signal })

async function write(store: Store, reader: LogReader): Promise<void> {
  const writer = runWriter({
    store,
    reader,
    clock: systemClock,
    from,
    signal: stopping.signal,
    report: (written) =>
      new Promise((resolve) => {
        const report = ++reports
        unanswered.set(report, () => {
          unanswered.delete(report)
          resolve()
        })
        post({ kind: 'written', report, written })
      }),
    onState,
  })
  await Promise.all([writer, store.upkeep?.(stopping.signal)])
  await reader.close()
}

async function serve(store: Store): Promise<void> {
  const calls = new Set<Promise<void>>()
  port.on('message', (message: ToWorker) => {
    if (message.kind === 'close') stopping.abort()
    else if (message.kind === 'answered') unanswered.get(message.report)?.()
    else {
      const running = call(store, message).finally(() => calls.delete(running))
      calls.add(running)
    }
  })
  const reader = logFolder === undefined ? undefined : openLogReader({ folder: logFolder, catalogue })
  const totals = await store.totals().catch(() => undefined)
  // A store that remembers more than the log does had another log before: whoever opens a new one has to know.
  const own = (await store.cursor().catch(() => undefined)) ?? 0
  post({ kind: 'ready', totals, position: reader ? Math.max(from, own) : 0 })
  await (reader ? write(store, reader) : watch(store))
  await Promise.all(calls)
}

let store: Store | undefined
try {
  store = await openPatiently()
  await serve(store)
} catch (error) {
  post({ kind: 'failed', error: pack(error) })
} finally {
  await store?.close()
  // Without a listener on the port nothing keeps the thread: it ends by itself.
  port.close()
}
