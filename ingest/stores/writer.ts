import type { Clock } from '../../core/clock.ts'
import { ForewarnError } from '../../core/errors.ts'
import type { LogReader, LogSlice, WriteResult } from '../../core/ports.ts'
import type { LogPosition } from '../../core/reading.ts'
import type { Store } from './store.ts'

/** What became of one slice of the log. */
export interface Written extends WriteResult {
  readonly position: LogPosition
}

/** `retrying`: the store does not answer; `stopped`: it needs a person. Either way the log keeps what comes. */
export type WriterState = 'ok' | 'retrying' | 'stopped'

export interface WriterOptions {
  readonly store: Store
  readonly reader: LogReader
  readonly clock: Clock
  /** The log's cursor of the store. */
  readonly from: LogPosition
  /** Resolves when the report was answered: dead letters kept, the log's cursor moved. */
  report(written: Written): Promise<void>
  onState(state: WriterState, error?: unknown): void
  readonly signal: AbortSignal
}

/** Readings in one write; small enough that a write takes well under a second on either store. */
const sliceReadings = 16_384
/**
 * After a slice that took all there was the writer waits: a reading in a slice of 800 costs DuckDB three times what it
 * costs in one of 8,000, and a trickle should not cost one disk flush a message. What lags behind goes on at once.
 */
const lingerMs = 100
const idleMs = 10
const maxUnanswered = 4
const backoff = { firstMs: 100, mostMs: 10_000 } as const

/**
 * The writer loop: moves slices from the log to the store, in order, each until the store has it, for ever. It never
 * skips a slice; what a store refuses for good comes back reading by reading. Resolves once `signal` aborts.
 */
export async function runWriter(options: WriterOptions): Promise<void> {
  const { store, reader, clock, signal } = options
  const own = await persist(options, () => store.cursor())
  if (signal.aborted) return
  let after = Math.min(options.from, own ?? options.from)
  const unanswered = new Set<Promise<void>>()

  while (!signal.aborted) {
    // Blocks the store has but the log's cursor has not passed are read one by one: a slice that lies behind the
    // store's cursor is skipped by its number, so that nothing is counted twice and refusals are reported again.
    const isReplay = after < (own ?? 0)
    const slice = await persist(options, () => reader.read(after, isReplay ? 1 : sliceReadings))
    if (!slice) {
      await clock.sleep(idleMs, signal)
      continue
    }
    const result = await persist(options, () => store.write(slice.batches, slice.position))
    if (!result) break
    after = slice.position
    const answer = options.report({ position: slice.position, ...result })
    unanswered.add(answer)
    void answer.finally(() => unanswered.delete(answer))
    if (unanswered.size >= maxUnanswered) await Promise.race([...unanswered, whenAborted(signal)])
    if (!isReplay && readingsIn(slice) < sliceReadings) await clock.sleep(lingerMs, signal)
  }
}

const readingsIn = (slice: LogSlice): number => slice.batches.reduce((sum, batch) => sum + batch.length, 0)

/** Tries until it succeeds, waiting longer each time; undefined when `signal` aborts first. */
async function persist<T>(options: WriterOptions, work: () => T | Promise<T>): Promise<T | undefined> {
  const { clock, signal, onState } = options
  let failures = 0
  while (!signal.aborted) {
    try {
      const result = await work()
      if (failures > 0) onState('ok')
      return result
    } catch (error) {
      // What needs a person is tried as well, at the slowest pace: a password mended at the server needs no restart.
      const canHeal = error instanceof ForewarnError && error.next === 'retry'
      onState(canHeal ? 'retrying' : 'stopped', error)
      await clock.sleep(canHeal ? pauseFor(error, failures) : backoff.mostMs, signal)
      failures++
    }
  }
  return undefined
}

/** Longer each time, unless the store says how long: it knows better. */
function pauseFor({ details }: ForewarnError, failures: number): number {
  const asked = details.retryAfterMs
  if (typeof asked === 'number') return Math.max(backoff.firstMs, asked)
  return Math.min(backoff.mostMs, backoff.firstMs * 2 ** failures)
}

function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
