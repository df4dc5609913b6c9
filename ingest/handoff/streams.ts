import type { ChainableCommander, Redis } from 'ioredis'
import { ForewarnError, messageOf } from '../../core/errors.ts'
import type { LogPosition } from '../../core/reading.ts'
import { entryId, logsKey, type Partition, positionOf, scoredKey, streamKey } from './keys.ts'

/** What is used of a Redis connection, a single server's or a cluster's. */
export type StreamRedis = Pick<Redis, 'pipeline' | 'hget' | 'hset'>

/** The streams of one log, seen from its ingest process. Every call throws HANDOFF_UNAVAILABLE. */
export class LogStreams {
  private readonly keys: readonly string[]

  constructor(
    private readonly redis: StreamRedis,
    private readonly log: string,
    partitions: number,
  ) {
    this.keys = keysOf(log, partitions)
  }

  /** Tells score processes about the log; streams of another number of partitions go, the log has what they held. */
  async announce(): Promise<void> {
    const before = await asHandoff(this.redis.hget(logsKey, this.log))
    const pipeline = this.redis.pipeline()
    if (before !== null && Number(before) !== this.keys.length) {
      for (const key of keysOf(this.log, Number(before))) pipeline.del(key).hdel(scoredKey, key)
    }
    pipeline.hset(logsKey, this.log, String(this.keys.length))
    await replies(pipeline)
  }

  /** Appends one entry a partition at this position; one that is there already is left as it is. */
  async append(position: LogPosition, parts: ReadonlyMap<number, { bytes: Buffer }>): Promise<void> {
    const pipeline = this.redis.pipeline()
    for (const [partition, { bytes }] of parts)
      pipeline.xadd(this.keys[partition]!, entryId(position), 'batches', bytes)
    await replies(pipeline, isThereAlready)
  }

  /** Positions up to which partitions are scored; 0 where that is not known. */
  async scored(): Promise<number[]> {
    const [values] = await replies(this.redis.pipeline().hmget(scoredKey, ...this.keys))
    return (values as (string | null)[]).map((value) => Number(value ?? 0))
  }

  /** The newest position that ever was in these partitions' streams; 0 where Redis has no such stream. */
  async ends(partitions: readonly number[]): Promise<number[]> {
    const pipeline = this.redis.pipeline()
    for (const partition of partitions) pipeline.xinfo('STREAM', this.keys[partition]!)
    const infos = await replies(pipeline, isMissing)
    return infos.map((info) => positionOf(lastGeneratedId(info as unknown[] | undefined)))
  }

  /** Removes what lies at or before the positions, one a partition. */
  async trim(positions: readonly LogPosition[]): Promise<void> {
    const pipeline = this.redis.pipeline()
    positions.forEach((position, partition) => {
      if (position > 0) pipeline.xtrim(this.keys[partition]!, 'MINID', `${position + 1}-0`)
    })
    await replies(pipeline)
  }
}

const keysOf = (log: string, partitions: number): string[] =>
  Array.from({ length: partitions }, (_, partition) =>
    streamKey({ log, partition, partitions } satisfies Partition),
  )

/** The reply of XINFO STREAM is a flat list of names and values. */
function lastGeneratedId(info: unknown[] = []): string {
  const at = info.indexOf('last-generated-id')
  return at < 0 ? '0-0' : String(info[at + 1])
}

/** XADD refuses an id that is not above the newest: that entry, or a later one, was appended before. */
const isThereAlready = (error: Error) => error.message.includes('equal or smaller')
const isMissing = (error: Error) => error.message.includes('no such key')

/** The replies of a pipeline, undefined for expected errors. Throws HANDOFF_UNAVAILABLE for others. */
async function replies(
  pipeline: ChainableCommander,
  expected: (error: Error) => boolean = () => false,
): Promise<unknown[]> {
  if (pipeline.length === 0) return []
  const results = (await asHandoff(pipeline.exec())) ?? []
  return results.map(([error, reply]) => {
    if (error && !expected(error)) throw unavailable(error)
    return error ? undefined : reply
  })
}

export async function asHandoff<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw unavailable(error)
  }
}

const unavailable = (error: unknown) =>
  new ForewarnError('HANDOFF_UNAVAILABLE', { problem: messageOf(error) }, error)
