/**
 * Time comes in as a value: everything that waits or asks for "now" does it through a Clock, so that tests,
 * replays and simulations run on their own time.
 */
export interface Clock {
  /** Wall-clock milliseconds since the epoch. */
  now(): number
  /** Resolves after `ms` milliseconds of this clock's time, or as soon as `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve()
      const timer = setTimeout(done, ms)
      function done() {
        clearTimeout(timer)
        signal?.removeEventListener('abort', done)
        resolve()
      }
      signal?.addEventListener('abort', done, { once: true })
    }),
}

/** A clock that stands still until a test moves it. */
export class ManualClock implements Clock {
  private sleepers: { due: number; wake: () => void }[] = []

  constructor(private time: number) {}

  now(): number {
    return this.time
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted || ms <= 0) return resolve()
      const wake = () => {
        signal?.removeEventListener('abort', wake)
        resolve()
      }
      this.sleepers.push({ due: this.time + ms, wake })
      signal?.addEventListener('abort', wake, { once: true })
    })
  }

  /** Moves time forward and wakes whoever is due, earliest first. */
  advance(ms: number): void {
    this.time += ms
    const due = this.sleepers.filter((s) => s.due <= this.time).sort((a, b) => a.due - b.due)
    this.sleepers = this.sleepers.filter((s) => s.due > this.time)
    for (const sleeper of due) sleeper.wake()
  }
}
