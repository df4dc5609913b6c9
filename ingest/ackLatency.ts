import type { Intake } from './intake.ts'

/** Buckets grow by 2^(1/8), 9 %: that exact is a quantile read from them. */
const perDoubling = 8
const shortestMs = 0.01
/** Up to 0.01 ms x 2^24, 168 s. */
const buckets = perDoubling * 24

/** The last full slots and the one under way, 12 to 14 s: whoever looks every ten seconds misses nothing. */
const slotMs = 2_000
const slots = 7

export interface AckLatency {
  /** Quantiles over the last 12 to 14 seconds, ms; null where nothing was acknowledged in them. */
  quantiles(): { readonly p50: number | null; readonly p99: number | null }
}

/** Where messages come in, of whatever transport. */
export type Inlet = Pick<Intake, 'message' | 'oversized'>

/**
 * Stands before the intake and measures how long a message waits for its acknowledgement: from its arrival until
 * everything in it is durable. Messages of one group commit share its promise and are measured together. What is refused is not acknowledged and not measured. `now` is any clock in ms.
 */
export function measured(
  intake: Inlet,
  now: () => number = () => performance.now(),
): Inlet & { readonly latency: AckLatency } {
  const histogram = new RecentHistogram(now)
  let together: { readonly kept: Promise<void>; readonly since: number[] } | undefined
  const taken = (since: number, kept: Promise<void>): Promise<void> => {
    if (together?.kept === kept) together.since.push(since)
    else {
      const group = { kept, since: [since] }
      together = group
      kept.then(
        () => {
          const until = now()
          for (const arrival of group.since) histogram.add(until - arrival)
        },
        // whoever gave the message hears of it
        () => undefined,
      )
    }
    return kept
  }
  return {
    message: (topic, payload) => taken(now(), intake.message(topic, payload)),
    oversized: (topic, bytes, head) => taken(now(), intake.oversized(topic, bytes, head)),
    latency: { quantiles: () => ({ p50: histogram.quantile(0.5), p99: histogram.quantile(0.99) }) },
  }
}

/** Counts by duration in slots of time, the oldest of which is used again. */
class RecentHistogram {
  private readonly counts = Array.from({ length: slots }, () => new Uint32Array(buckets))
  /** Which stretch of time each slot holds. */
  private readonly stretch = new Float64Array(slots).fill(Number.NaN)

  constructor(private readonly now: () => number) {}

  add(ms: number): void {
    const stretch = Math.floor(this.now() / slotMs)
    const slot = stretch % slots
    if (this.stretch[slot] !== stretch) {
      this.stretch[slot] = stretch
      this.counts[slot]!.fill(0)
    }
    this.counts[slot]![bucketOf(ms)]!++
  }

  quantile(q: number): number | null {
    const oldest = Math.floor(this.now() / slotMs) - slots
    const recent = this.counts.filter((_, slot) => this.stretch[slot]! > oldest)
    const totals = Array.from({ length: buckets }, (_, b) =>
      recent.reduce((sum, counts) => sum + counts[b]!, 0),
    )
    const all = totals.reduce((sum, n) => sum + n, 0)
    if (all === 0) return null
    let below = 0
    const found = totals.findIndex((n) => {
      below += n
      return below >= q * all
    })
    return shortestMs * 2 ** ((found + 0.5) / perDoubling)
  }
}

function bucketOf(ms: number): number {
  const bucket = Math.floor(perDoubling * Math.log2(Math.max(ms, shortestMs) / shortestMs))
  return Math.min(buckets - 1, bucket)
}
