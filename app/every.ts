import type { Clock } from '../core/clock.ts'

export interface Rounds {
  /** No further round begins; resolves when the one under way is done. */
  stop(): Promise<void>
}

/**
 * Does `work` every `ms` of the clock's time, one round after the other: a slow round delays the next, it does not meet
 * it. `onError` hears of the first of the rounds that failed in a row; the next comes all the same.
 */
export function every(
  ms: number,
  work: () => Promise<void> | void,
  clock: Pick<Clock, 'sleep'>,
  onError: (error: unknown) => void = () => {},
): Rounds {
  const stopping = new AbortController()
  const { signal } = stopping
  async function rounds(): Promise<void> {
    for (let failing = false; ; ) {
      await clock.sleep(ms, signal)
      if (signal.aborted) return
      try {
        await work()
        failing = false
      } catch (error) {
        if (!failing) onError(error)
        failing = true
      }
    }
  }
  const ended = rounds()
  return {
    stop: () => {
      stopping.abort()
      return ended
    },
  }
}
