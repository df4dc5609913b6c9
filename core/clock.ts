/**
 * Time comes in as a value: everything that waits or asks for "now" does it through a Clock, so that tests,
 * replays and simulations run on their own time.
 */
export interface Clock {
  /** Wall-clock milliseconds since the epoch: when something was. It jumps when somebody sets the clock. */
  now(): number
  /** Milliseconds since some moment, which never jump: for how long something takes, or how often it is done. */
  elapsed(): number
  /** Resolves after `ms` milliseconds of this clock's time, or as soon as `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
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

  /** How far the wall clock was set ahead. */
  private set = 0

  constructor(private time: number) {}

  now(): number {
    return this.time + this.set
  }

  elapsed(): number {
    return this.time
  }

  /** Somebody sets the wall clock: no time passes. */
  jump(ms: number): void {
    this.set += ms
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
