import type { StateChange } from '../mapping/state.ts'
import type { Metric } from './payload.ts'

/** What a birth says of one metric. */
export interface BornMetric {
  readonly name: string
  readonly datatype: number
}

/** As it is kept: name, alias or null, datatype. */
type StoredMetric = readonly [name: string, alias: string | null, datatype: number]

export interface StoredBirth {
  readonly bornAt: number
  readonly metrics: readonly StoredMetric[]
}

/** What became of a metric's name or alias; text: why it is not known. */
export type FoundMetric = BornMetric | string

/** The metrics of an edge node or device since its birth. A new birth is a new object: no old alias outlives it. */
export class Birth {
  private readonly byName = new Map<string, BornMetric>()
  private readonly byAlias = new Map<string, BornMetric>()

  constructor(private readonly stored: StoredBirth) {
    for (const [name, alias, datatype] of stored.metrics) {
      const metric = { name, datatype }
      this.byName.set(name, metric)
      if (alias !== null) this.byAlias.set(alias, metric)
    }
  }

  static of(bornAt: number, metrics: readonly Metric[]): Birth {
    const named = metrics.filter(({ name }) => name !== '')
    return new Birth({
      bornAt,
      metrics: named.map(({ name, alias, datatype }) => [name, alias ?? null, datatype]),
    })
  }

  /**
   * The metric that a message sent at `sentAt` (ms; NaN: unknown) means. An alias in a message from before the birth
   * may have meant another metric.
   */
  find({ name, alias }: Metric, sentAt: number, inDoubt = false): FoundMetric {
    if (name !== '') return this.byName.get(name) ?? `the birth has no metric ${name}`
    if (alias === undefined) return 'a metric has neither name nor alias'
    if (inDoubt) return `alias ${alias} came behind a gap: there may be a birth that was not heard`
    if (sentAt < this.stored.bornAt) return `alias ${alias} was sent before the birth`
    return this.byAlias.get(alias) ?? `the birth has no alias ${alias}`
  }

  change(key: string): StateChange {
    return [key, this.stored]
  }
}
