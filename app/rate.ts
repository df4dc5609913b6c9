/** A rate per second over the last few seconds, from a counter that is read now and then. */
export class Rate {
  private readonly samples: { at: number; count: number }[] = []

  constructor(private readonly windowMs = 5_000) {}

  /** Notes the counter's value at a time, ms. */
  sample(at: number, count: number): void {
    this.samples.push({ at, count })
    while (this.samples.length > 2 && this.samples[1]!.at <= at - this.windowMs) this.samples.shift()
  }

  perSecond(): number {
    const first = this.samples[0]
    const last = this.samples.at(-1)
    if (!first || !last || last.at === first.at) return 0
    return ((last.count - first.count) * 1_000) / (last.at - first.at)
  }
}
