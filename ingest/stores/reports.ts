import { messageOf } from '../../core/errors.ts'
import type { StoreLogger } from './logger.ts'
import type { Written } from './writer.ts'

export type OnWritten = (written: Written) => Promise<void> | void

/**
 * Hands reports of written slices to whoever keeps dead letters and the log's cursor: in order, one at a time, each
 * again until it was kept. Reports wait until there is someone to take them.
 */
export class Reports {
  private callback: OnWritten | undefined
  private ended = false
  private wake!: () => void
  private readonly taken = new Promise<void>((resolve) => {
    this.wake = resolve
  })
  private queue: Promise<void> = Promise.resolve()
  private readonly logger: StoreLogger

  constructor(logger: StoreLogger) {
    this.logger = logger
  }

  take(callback: OnWritten): void {
    this.callback = callback
    this.wake()
  }

  add(written: Written, answered: () => void): void {
    this.queue = this.queue.then(async () => {
      await this.taken
      if (await this.deliver(written)) answered()
    })
  }

  /** Resolves when all reports are answered, or were tried a last time. */
  async end(): Promise<void> {
    this.ended = true
    this.wake()
    await this.queue
  }

  private async deliver(written: Written): Promise<boolean> {
    for (let waitMs = 100; this.callback; waitMs = Math.min(5_000, waitMs * 2)) {
      try {
        await this.callback(written)
        return true
      } catch (error) {
        this.logger.error({ error: messageOf(error) }, 'what the store reported could not be kept')
        if (this.ended) return false
        await new Promise((resolve) => setTimeout(resolve, waitMs))
      }
    }
    return false
  }
}
