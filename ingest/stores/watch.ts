import type { Clock } from '../../core/clock.ts'
import { ForewarnError } from '../../core/errors.ts'
import type { Store } from './store.ts'
import type { WriterState } from './writer.ts'

export interface WatchOptions {
  readonly store: Pick<Store, 'look'>
  readonly clock: Clock
  onState(state: WriterState, error?: unknown): void
  readonly signal: AbortSignal
}

const everyMs = 5_000

/** Where no writer notices that the store is away: looks every five seconds. Resolves once `signal` aborts. */
export async function watchStore({ store, clock, onState, signal }: WatchOptions): Promise<void> {
  while (!signal.aborted) {
    try {
      await store.look()
      onState('ok')
    } catch (error) {
      onState(error instanceof ForewarnError && error.next === 'retry' ? 'retrying' : 'stopped', error)
    }
    await clock.sleep(everyMs, signal)
  }
}
