import { Worker } from 'node:worker_threads'
import { heapOf } from '../../core/threadHeap.ts'
import { workerEntry } from '../../core/worker.ts'
import type { WorkerReport } from './pglite.worker.ts'

/** PGlite in its worker thread. */
export interface EngineThread {
  /** Runs one unit of the wire protocol; call it again only after it has settled. */
  run(unit: Uint8Array): Promise<Buffer>
  /** Shuts the database down cleanly and ends the thread. */
  close(): Promise<void>
}

interface Waiter {
  resolve(answer: Buffer): void
  reject(reason: unknown): void
}

/**
 * Starts the thread on a database folder; rejects with a plain Error that says what the engine complained about.
 * @param onLost called when the thread ends although nobody closed it: every later unit rejects
 */
export function startEngine(folder: string, onLost: (reason: Error) => void): Promise<EngineThread> {
  const { url, execArgv } = workerEntry(import.meta.url, 'pglite.worker')
  const worker = new Worker(url, { execArgv, workerData: { folder, heap: heapOf('pglite') }, name: 'pglite' })
  let waiter: Waiter | undefined
  let problem = ''

  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
  const run = (unit: Uint8Array) =>
    new Promise<Buffer>((resolve, reject) => {
      waiter = { resolve, reject }
      worker.postMessage(unit)
    })
  const settle = (answer: Uint8Array) => {
    const settled = waiter
    waiter = undefined
    settled?.resolve(Buffer.from(answer.buffer, answer.byteOffset, answer.byteLength))
  }

  return new Promise((resolve, reject) => {
    let state: 'starting' | 'running' | 'closed' = 'starting'
    const close = () => {
      if (state === 'running') worker.postMessage(null)
      state = 'closed'
      return ended
    }
    worker.on('message', (message: WorkerReport | Uint8Array) => {
      if (message instanceof Uint8Array) settle(message)
      else if (message.kind === 'failed') problem = message.problem
      else if (message.kind === 'ready') {
        state = 'running'
        resolve({ run, close })
      }
    })
    worker.on('error', (error) => {
      problem ||= error.message
    })
    worker.once('exit', () => {
      const reason = new Error(problem || 'the database engine ended unexpectedly')
      waiter?.reject(reason)
      if (state === 'starting') reject(reason)
      if (state === 'running') onLost(reason)
      state = 'closed'
    })
  })
}
