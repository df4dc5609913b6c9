import type { Clock } from '../core/clock.ts'
import { ForewarnError } from '../core/errors.ts'

const firstWaitMs = 250
const longestWaitMs = 5_000

/**
 * Does `work` again for as long as it fails with an error whose next step is `retry` (a store or queue that is away for
 * a while), waiting longer each time. Rejects with any other error, and with the last one once `signal` is aborted.
 * `work` has to be repeatable.
 */
export async function untilAccepted<T>(
  work: () => Promise<T>,
  clock: Pick<Clock, 'sleep'>,
  signal: AbortSignal,
): Promise<T> {
  for (let wait = firstWaitMs; ; wait = Math.min(2 * wait, longestWaitMs)) {
    try {
      return await work()
    } catch (error) {
      if (!isAway(error) || signal.aborted) throw error
      await clock.sleep(wait, signal).catch(() => undefined)
    }
  }
}

/** A service that does not answer (503); an unexpected error also says `retry`, but must not be tried for ever. */
const isAway = (error: unknown): boolean =>
  error instanceof ForewarnError && error.next === 'retry' && error.status === 503
