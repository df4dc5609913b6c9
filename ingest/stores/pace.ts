import type { Clock } from '../../core/clock.ts'

/** Rests so many times as long as the work took: the store's time is the writer's first, above all after an outage. */
const restsPerWork = 4
const longestRestMs = 5_000

/** Lets work through at a fifth of the time. */
export class Pace {
  private readonly clock: Clock
  private readonly signal: AbortSignal

  constructor(clock: Clock, signal: AbortSignal) {
    this.clock = clock
    this.signal = signal
  }

  /** There is to be no further work. */
  get isOver(): boolean {
    return this.signal.aborted
  }

  /** Resolves with what `work` gives, after the rest that follows it. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    const start = this.clock.elapsed()
    const result = await work()
    const restMs = (this.clock.elapsed() - start) * restsPerWork
    await this.clock.sleep(Math.min(longestRestMs, restMs), this.signal)
    return result
  }
}
