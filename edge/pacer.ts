import type { Clock } from '../core/clock.ts'

/**
 * Spreads work evenly over time: the n-th turn comes n / perSecond after the first. Whoever falls behind catches up,
 * but never by more than a second's worth: a stalled broker is not met with a burst.
 */
export interface Pacer {
  /** Resolves when the next turn is due, or at once when `signal` aborts. */
  turn(signal: AbortSignal): Promise<void>
}

const mostBehindMs = 1000
/** Timers are no finer than this. */
const finestSleepMs = 2

export function createPacer(clock: Clock, perSecond: number): Pacer {
  const gap = 1000 / perSecond
  let due = clock.elapsed()
  return {
    async turn(signal) {
      const ahead = due - clock.elapsed()
      if (ahead >= finestSleepMs) await clock.sleep(ahead, signal)
      due = Math.max(due, clock.elapsed() - mostBehindMs) + gap
    },
  }
}

/** Event time never passes now: waits until `time` is no longer in the future. */
export async function untilPast(time: number, clock: Clock, signal: AbortSignal): Promise<void> {
  const ahead = time - clock.now()
  if (ahead > 0 && !signal.aborted) {
    await clock.sleep(ahead, signal)
    return untilPast(time, clock, signal)
  }
}
