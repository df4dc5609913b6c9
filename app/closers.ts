/** Ways to stop what was started, run last first, each even when another fails. */
export class Closers {
  private readonly stack: { what: string; close: () => Promise<unknown> | unknown }[] = []

  add(what: string, close: () => Promise<unknown> | unknown): void {
    this.stack.push({ what, close })
  }

  /** Runs every closer once; `onError` hears of those that failed. */
  async closeAll(onError: (what: string, error: unknown) => void): Promise<void> {
    for (let next = this.stack.pop(); next; next = this.stack.pop()) {
      try {
        await next.close()
      } catch (error) {
        onError(next.what, error)
      }
    }
  }
}
