type Callback = (error?: Error | null) => void

interface Entry {
  readonly callback: Callback
  outcome: 'waiting' | 'kept' | Error
}

/** Releases the acknowledgements of one connection in the order in which its messages came. */
export class AckQueue {
  private entries: Entry[] = []
  private first = 0

  /** Calls back when `kept` has settled and everything before it has been called back. */
  add(kept: Promise<void>, callback: Callback): void {
    const entry: Entry = { callback, outcome: 'waiting' }
    this.entries.push(entry)
    kept.then(
      () => this.settle(entry, 'kept'),
      (error) => this.settle(entry, error instanceof Error ? error : new Error(String(error))),
    )
  }

  private settle(entry: Entry, outcome: 'kept' | Error): void {
    entry.outcome = outcome
    while (this.first < this.entries.length) {
      const { callback, outcome } = this.entries[this.first]!
      if (outcome === 'waiting') return
      this.first++
      if (this.first === this.entries.length) this.reset()
      callback(outcome === 'kept' ? null : outcome)
    }
  }

  private reset(): void {
    this.entries = []
    this.first = 0
  }
}
