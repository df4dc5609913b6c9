import type { Catalogue } from '../../core/catalogue.ts'
import type { Clock } from '../../core/clock.ts'
import { messageOf } from '../../core/errors.ts'
import type { ReadingLog } from '../../core/ports.ts'
import type { LogPosition } from '../../core/reading.ts'
import { packByPartition } from './entry.ts'
import { Outstanding } from './outstanding.ts'
import type { LogStreams } from './streams.ts'

export interface SenderOptions {
  readonly streams: LogStreams
  readonly partitions: number
  /** Readings on their way before the rest waits in the log. */
  readonly maxReadings: number
  readonly catalogue: Catalogue
  readonly log: Pick<ReadingLog, 'read' | 'cursor' | 'commit'>
  readonly clock: Clock
  /** Hears of Redis going away and coming back. */
  readonly logger: {
    warn(details: object, message: string): void
    info(details: object, message: string): void
  }
}

/** Hands the log over to the score processes. */
export interface Sender {
  stats(): { readonly outstanding: number; readonly problem: string | undefined }
  close(): Promise<void>
}

const readingsPerSlice = 2_000
const idleMs = 20
/** How often the score processes' progress is asked for, ms. */
const settleMs = 200
const backoff = { firstMs: 100, mostMs: 5_000 } as const

/**
 * Hands the log over, partition by partition, through Redis Streams. The log stays the only buffer: its cursor `scorer`
 * moves when a score process has reported a position as scored, so that a Redis that loses its newest entries, or all
 * of them, gets them again. An entry's id is its position, so that nothing is handed over twice.
 */
export function startSender(options: SenderOptions): Sender {
  const sender = new LogSender(options)
  const done = sender.run()
  return {
    stats: () => sender.stats(),
    close: () => {
      sender.stop()
      return done
    },
  }
}

class LogSender {
  private readonly outstanding: Outstanding
  private readonly stopping = new AbortController()
  /** Everything up to here was sent; undefined until Redis was asked. */
  private after: LogPosition | undefined
  private settledAt = Number.NEGATIVE_INFINITY
  private trimmed: readonly LogPosition[] = []
  private problem: string | undefined

  constructor(private readonly options: SenderOptions) {
    this.outstanding = new Outstanding(options.partitions)
  }

  stats() {
    return { outstanding: this.outstanding.readings(), problem: this.problem }
  }

  stop(): void {
    this.stopping.abort()
  }

  async run(): Promise<void> {
    const { clock } = this.options
    let failures = 0
    while (!this.stopping.signal.aborted) {
      try {
        this.after ??= await this.resume()
        if (clock.elapsed() - this.settledAt >= settleMs) await this.settle(this.after)
        const idle = !(await this.sendNext(this.after))
        this.healed()
        failures = 0
        if (idle) await clock.sleep(idleMs, this.stopping.signal)
      } catch (error) {
        this.failed(error)
        await clock.sleep(Math.min(backoff.mostMs, backoff.firstMs * 2 ** failures++), this.stopping.signal)
      }
    }
  }

  /** Goes on where the streams end: a slice is appended to all of its partitions or to none. */
  private async resume(): Promise<LogPosition> {
    const { streams, log } = this.options
    const from = log.cursor('scorer')
    const ends = await streams.ends()
    ends.forEach((position, partition) => {
      if (position > from) this.outstanding.add(partition, { from, position, readings: 0 })
    })
    return Math.max(from, ...ends)
  }

  /** False when there is nothing to send, or too much on its way. */
  private async sendNext(after: LogPosition): Promise<boolean> {
    const { log, streams, partitions, catalogue, maxReadings } = this.options
    if (this.outstanding.readings() >= maxReadings) return false
    const slice = log.read(after, readingsPerSlice)
    if (!slice) return false
    const parts = packByPartition(slice.batches, partitions, catalogue)
    if (!(await streams.append(slice.position, parts))) {
      this.after = await this.findLost(after)
      return true
    }
    for (const [partition, { readings }] of parts)
      this.outstanding.add(partition, { from: after, position: slice.position, readings })
    this.after = slice.position
    return true
  }

  /** Learns what was scored and what was lost, moves the log's cursor, lets go of what nobody needs any more. */
  private async settle(after: LogPosition): Promise<void> {
    const { streams, log, clock } = this.options
    this.settledAt = clock.elapsed()
    const scored = await streams.scored()
    scored.forEach((position, partition) => {
      this.outstanding.scoredUntil(partition, position)
    })
    this.after = await this.findLost(after)
    const done = this.outstanding.doneUntil(this.after)
    if (done > log.cursor('scorer')) await log.commit('scorer', done)
    await this.trim(scored)
  }

  /** Where to send from: after what was sent, or before what Redis has lost of it. */
  private async findLost(after: LogPosition): Promise<LogPosition> {
    const ends = await this.options.streams.ends()
    const lost = ends.flatMap((end, partition) => this.outstanding.lostBeyond(partition, end) ?? [])
    if (lost.length === 0) return after
    const from = Math.min(...lost)
    this.options.logger.warn({ from }, 'Redis has lost readings on their way; they are sent again')
    return Math.min(after, from)
  }

  /**
   * What is scored but not stored yet stays in the stream: a score process that starts anew fills its windows from the
   * store, and from the stream what the store does not have yet.
   */
  private async trim(scored: readonly LogPosition[]): Promise<void> {
    const stored = this.options.log.cursor('store')
    const positions = scored.map((position) => Math.min(position, stored))
    if (positions.every((position, partition) => position === this.trimmed[partition])) return
    await this.options.streams.trim(positions)
    this.trimmed = positions
  }

  private failed(error: unknown): void {
    if (this.problem === undefined) this.options.logger.warn({ err: error }, 'readings wait in the log')
    this.problem = messageOf(error)
  }

  private healed(): void {
    if (this.problem !== undefined) this.options.logger.info({}, 'readings go to the score processes again')
    this.problem = undefined
  }
}
