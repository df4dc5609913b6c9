import { setTimeout as sleep } from 'node:timers/promises'

const everyMs = 250

/** Looks at `/health/ready` until it is closed. */
export class ReadinessWatch {
  private readonly began = performance.now()
  private readonly looks: { readonly at: number; readonly ready: boolean }[] = []
  private readonly closing = new AbortController()
  private readonly running: Promise<void>

  constructor(private readonly httpUrl: string) {
    this.running = this.run()
  }

  /** Since the watch began, until it first said that it is not ready, s; null where it never did. */
  get notReadyAfterSeconds(): number | null {
    const first = this.looks.find(({ ready }) => !ready)
    return first ? seconds(first.at) : null
  }

  /** Since the watch began, until it was ready for good, s; null while it is not. */
  get readyForGoodSeconds(): number | null {
    const last = this.looks.findLastIndex(({ ready }) => !ready)
    const next = this.looks[last + 1]
    return next ? seconds(next.at) : null
  }

  /** Seconds since the watch began. */
  get now(): number {
    return seconds(performance.now() - this.began)
  }

  async close(): Promise<void> {
    this.closing.abort()
    await this.running
  }

  private async run(): Promise<void> {
    while (!this.closing.signal.aborted) {
      // who does not answer is not ready
      const status = await fetch(`${this.httpUrl}/health/ready`).then(
        (response) => response.status,
        () => 0,
      )
      this.looks.push({ at: performance.now() - this.began, ready: status === 200 })
      await sleep(everyMs)
    }
  }
}

const seconds = (ms: number): number => Number((ms / 1_000).toFixed(1))
