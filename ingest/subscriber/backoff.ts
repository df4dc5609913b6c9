/** Waits that double, from the first to the longest, ms. */
export class Backoff {
  private wait: number

  constructor(
    private readonly firstMs: number,
    private readonly longestMs: number,
  ) {
    this.wait = firstMs
  }

  next(): number {
    const wait = this.wait
    this.wait = Math.min(2 * wait, this.longestMs)
    return wait
  }

  reset(): void {
    this.wait = this.firstMs
  }
}
