import type { DeadLetterReason } from '../../core/reading.ts'

/** What one message left behind under one reason. */
export interface Rejection {
  readonly reason: DeadLetterReason
  /** The first case in words, and how many more there were. */
  readonly detail: string
  /** Readings that were not accepted; 0 where only single values were left out. */
  readonly readings: number
}

/** Collects the rejections of one message, one entry a reason, so that a bad array makes a few dead letters. */
export class Rejections {
  private readonly byReason = new Map<DeadLetterReason, { first: string; more: number; readings: number }>()

  /** `readings`: 1 when the whole reading is lost by it, 0 when a single value is. */
  add(reason: DeadLetterReason, detail: () => string, readings: 0 | 1): void {
    const known = this.byReason.get(reason)
    if (!known) this.byReason.set(reason, { first: detail(), more: 0, readings })
    else {
      known.more += 1
      known.readings += readings
    }
  }

  list(): Rejection[] {
    return [...this.byReason].map(([reason, { first, more, readings }]) => ({
      reason,
      detail: more === 0 ? first : `${first}, and ${more} more`,
      readings,
    }))
  }
}
