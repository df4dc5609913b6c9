import type { Redis } from 'ioredis'
import type { Catalogue } from '../../core/catalogue.ts'
import type { Clock } from '../../core/clock.ts'
import { ForewarnError } from '../../core/errors.ts'
import type { ReadingSource, SourceSlice } from '../../core/ports.ts'
import type { LogPosition, ReadingBatch } from '../../core/reading.ts'
import { unpack } from './entry.ts'
import { logsKey, positionOf, streamKey } from './keys.ts'
import { partitionsOf, type Share } from './partition.ts'

/** A connection of its own: a blocking read holds it. */
export type ReceiverRedis = Pick<Redis, 'hgetall' | 'xreadBuffer' | 'disconnect'>

export interface ReceiverOptions {
  readonly redis: ReceiverRedis
  readonly share: Share
  readonly catalogue: Catalogue
  readonly clock: Clock
  /** Hears of Redis going away, and with undefined of a read that works again. */
  onProblem?(error: unknown): void
}

/** How often new ingest processes are looked for, ms. */
const lookMs = 2_000
/** How long one read waits for something to come, ms; closing waits no longer than that. */
const blockMs = 500
const entriesPerStream = 4

/**
 * Reads the streams of every ingest process, of each the partitions of this share, from the oldest entry that is still
 * there: what was scored but not stored before a restart fills the windows again and is not scored twice.
 */
export function createReceiver(options: ReceiverOptions): ReadingSource {
  return new StreamReceiver(options)
}

class StreamReceiver implements ReadingSource {
  private readonly read = new Map<string, LogPosition>()
  private readonly closing = new AbortController()
  private lookedAt = Number.NEGATIVE_INFINITY
  private failing = false
  /** Into how many partitions each log was split when it was first seen. */
  private readonly split = new Map<string, number>()

  constructor(private readonly options: ReceiverOptions) {}

  async next(): Promise<SourceSlice | undefined> {
    try {
      const slice = await this.untilClosed(this.round())
      if (this.failing) this.options.onProblem?.(undefined)
      this.failing = false
      return slice
    } catch (error) {
      if (error instanceof ForewarnError && error.next === 'stop') throw error
      this.failing = true
      if (!this.closing.signal.aborted) this.options.onProblem?.(error)
      await this.pause()
    }
    return undefined
  }

  private async round(): Promise<SourceSlice | undefined> {
    await this.look()
    if (this.read.size > 0) return this.readSome()
    await this.pause()
    return undefined
  }

  /** A client that looks for its server answers nobody, even when it is disconnected. */
  private untilClosed<T>(work: Promise<T>): Promise<T | undefined> {
    const { signal } = this.closing
    return new Promise((resolve, reject) => {
      const stop = () => resolve(undefined)
      if (signal.aborted) stop()
      signal.addEventListener('abort', stop, { once: true })
      work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
    })
  }

  async close(): Promise<void> {
    this.closing.abort()
    this.options.redis.disconnect()
  }

  private pause(): Promise<void> {
    return this.options.clock.sleep(blockMs, this.closing.signal)
  }

  private async look(): Promise<void> {
    const { redis, share, clock } = this.options
    if (clock.elapsed() - this.lookedAt < lookMs) return
    const logs = await redis.hgetall(logsKey)
    this.lookedAt = clock.elapsed()
    for (const [log, partitions] of Object.entries(logs)) this.expectSplit(log, Number(partitions))
    const streams = Object.entries(logs).flatMap(([log, partitions]) =>
      partitionsOf(share, Number(partitions)).map((partition) =>
        streamKey({ log, partition, partitions: Number(partitions) }),
      ),
    )
    for (const stream of streams) if (!this.read.has(stream)) this.read.set(stream, 0)
    for (const stream of this.read.keys()) if (!streams.includes(stream)) this.read.delete(stream)
  }

  /** Devices that come from another score process bring a past with them, which is read at the start alone. */
  private expectSplit(log: string, partitions: number): void {
    const known = this.split.get(log)
    if (known !== undefined && known !== partitions)
      throw new ForewarnError('HANDOFF_CHANGED', { log, partitions })
    this.split.set(log, partitions)
  }

  private async readSome() {
    const streams = [...this.read.keys()]
    const ids = streams.map((stream) => `${this.read.get(stream)!}-1`)
    const answer = await this.options.redis.xreadBuffer(
      'COUNT',
      entriesPerStream,
      'BLOCK',
      blockMs,
      'STREAMS',
      ...streams,
      ...ids,
    )
    const position: Record<string, LogPosition> = {}
    const batches: ReadingBatch[] = []
    for (const [stream, entries] of (answer ?? []) as [Buffer, [Buffer, Buffer[]][]][]) {
      for (const [id, fields] of entries) {
        position[stream.toString()] = positionOf(id.toString())
        batches.push(...unpack(fields[1]!, this.options.catalogue))
      }
    }
    for (const [stream, at] of Object.entries(position)) this.read.set(stream, at)
    return batches.length > 0 || answer ? { position, batches } : undefined
  }
}
