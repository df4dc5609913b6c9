import { Worker } from 'node:worker_threads'
import { type ErrorCode, ForewarnError } from '../../core/errors.ts'
import type { ReadingBatch } from '../../core/reading.ts'
import { heapOf } from '../../core/threadHeap.ts'
import { workerEntry } from '../../core/worker.ts'
import type { ModelFolders } from '../../models/registry/modelFolders.ts'
import type { FromScorer, ScoredSlice, ScorerMetrics, ScorerStart, ToScorer } from './scorerProtocol.ts'
import type { FirstSight } from './warmUp.ts'

export interface ScorerThread {
  metrics(): ScorerMetrics
  /** Loads other models while running. Rejects, and keeps the old ones, where a new one is damaged. */
  swap(assetType: string, folders: ModelFolders): Promise<void>
  close(): Promise<void>
}

export interface ScorerHandlers {
  /** Called slice after slice; the next is read when the promise resolves. */
  onScored(slice: ScoredSlice): Promise<void>
  /** Stored rows of devices that the scorer sees for the first time since the start. */
  history(sights: readonly FirstSight[]): Promise<ReadingBatch[]>
  /** Reading the source failed and is tried again; null: it works again. */
  onProblem(problem: string | null): void
  /** A handler rejected or the thread died: scoring cannot go on. */
  onFatal(error: unknown): void
}

/** Starts the scorer in a thread of its own. Rejects where a model artifact is damaged (ARTIFACT_DAMAGED). */
export async function startScorerThread(start: ScorerStart, handlers: ScorerHandlers): Promise<ScorerThread> {
  const { onScored, history, onProblem, onFatal } = handlers
  const { url, execArgv } = workerEntry(import.meta.url, 'scorer.worker')
  const worker = new Worker(url, {
    workerData: { ...start, heap: heapOf('scorer') },
    execArgv,
    name: 'scorer',
  })
  const say = (message: ToScorer) => worker.postMessage(message)
  const swaps = new Map<number, (error?: string) => void>()
  let metrics: ScorerMetrics
  let calls = 0
  let closing = false

  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
  const ready = new Promise<void>((resolve, reject) => {
    worker.on('error', (error) => {
      reject(error)
      onFatal(error)
    })
    worker.on('exit', () => {
      if (!closing) onFatal(new ForewarnError('INTERNAL', { problem: 'the scoring thread ended' }))
    })
    worker.on('message', (message: FromScorer) => {
      if (message.kind === 'ready') {
        metrics = message.metrics
        resolve()
      } else if (message.kind === 'scored') {
        metrics = message.slice.metrics
        onScored(message.slice).then(() => say({ kind: 'handled' }), onFatal)
      } else if (message.kind === 'needHistory') {
        history(message.sights).then((batches) => say({ kind: 'history', batches }), onFatal)
      } else if (message.kind === 'swapped') {
        metrics = message.metrics
        swaps.get(message.call)?.(message.error)
        swaps.delete(message.call)
      } else if (message.kind === 'problem') {
        onProblem(message.problem)
      } else if (message.kind === 'failed') {
        closing = true
        const error = revive(message.error)
        reject(error)
        onFatal(error)
      }
    })
  })
  await ready

  return {
    metrics: () => metrics,
    swap: (assetType, folders) =>
      new Promise((resolve, reject) => {
        const call = ++calls
        swaps.set(call, (error) => (error ? reject(new Error(error)) : resolve()))
        say({ kind: 'swap', call, assetType, folders })
      }),
    async close() {
      closing = true
      say({ kind: 'close' })
      await exited
    },
  }
}

/** An error's class does not survive the way between threads; its code and details do. */
function revive(error: unknown): ForewarnError {
  const { code, details } = error as { code: ErrorCode; details: Record<string, unknown> }
  return new ForewarnError(code, details)
}
