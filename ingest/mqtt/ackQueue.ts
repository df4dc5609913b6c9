interface Entry<T> {
  readonly kept: Promise<void>
  readonly items: T[]
  outcome: 'waiting' | 'kept' | Error
}

/**
 * Releases what waits on one connection in the order in which it came (MQTT-4.6.0-2). Neighbours that wait for the same
 * promise, as those of one group commit do, are one entry: nothing is made for a single message.
 */
export class AckQueue<T> {
  private entries: Entry<T>[] = []
  private first = 0

  /** `release` gets neighbours that were kept together, or not kept with the reason. */
  constructor(private readonly release: (items: readonly T[], error: Error | null) => void) {}

  /** Releases the item when `kept` has settled and everything before it is released. */
  add(kept: Promise<void>, item: T): void {
    const last = this.entries.at(-1)
    if (last?.kept === kept && last.outcome === 'waiting') {
      last.items.push(item)
      return
    }
    const entry: Entry<T> = { kept, items: [item], outcome: 'waiting' }
    this.entries.push(entry)
    kept.then(
      () => this.settle(entry, 'kept'),
      (error) => this.settle(entry, error instanceof Error ? error : new Error(String(error))),
    )
  }

  private settle(entry: Entry<T>, outcome: 'kept' | Error): void {
    entry.outcome = outcome
    while (this.first < this.entries.length) {
      const { items, outcome } = this.entries[this.first]!
      if (outcome === 'waiting') return
      this.first++
      if (this.first === this.entries.length) this.reset()
      this.release(items, outcome === 'kept' ? null : outcome)
    }
  }

  private reset(): void {
    this.entries = []
    this.first = 0
  }
}
