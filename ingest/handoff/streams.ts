import type { ChainableCommander, Redis } from 'ioredis'
import { ForewarnError, messageOf } from '../../core/errors.ts'
import type { LogPosition } from '../../core/reading.ts'
import { logsKey, type Partition, positionOf, scoredKey, streamKey } from './keys.ts'

/** What is used of a Redis connection, a single server's or a cluster's. */
export type StreamRedis = Pick<Redis, 'pipeline' | 'eval' | 'hget'>

/** The streams of one log, seen from its ingest process. Every call throws HANDOFF_UNAVAILABLE. */
export class LogStreams {
  private readonly keys: readonly string[]
  /** Where each stream ends, as far as this process knows. */
  private known: LogPosition[]

  constructor(
    private readonly redis: StreamRedis,
    private readonly log: string,
    partitions: number,
  ) {
    this.keys = keysOf(log, partitions)
    this.known = this.keys.map(() => 0)
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

  /**
   * Appends one entry a partition at this position, all or none; where a stream is that far already it is left as it is.
   * False when a stream does not end where it should: Redis has lost entries, and `ends` tells how far it is.
   */
  async append(position: LogPosition, parts: ReadonlyMap<number, { bytes: Buffer }>): Promise<boolean> {
    const partitions = [...parts.keys()]
    const keys = partitions.map((partition) => this.keys[partition]!)
    const known = partitions.map((partition) => this.known[partition]!)
    const bytes = partitions.map((partition) => parts.get(partition)!.bytes)
    const appended = await asHandoff(
      this.redis.eval(appendScript, keys.length, ...keys, position, ...known, ...bytes),
    )
    if (appended !== 1) return false
    for (const partition of partitions) this.known[partition] = Math.max(position, this.known[partition]!)
    return true
  }

  /**
   * Positions up to which partitions are scored; 0 where that is not known. Announces the log anew beside it, for a
   * Redis that has forgotten it.
   */
  async scored(): Promise<number[]> {
    const pipeline = this.redis.pipeline()
    pipeline.hset(logsKey, this.log, String(this.keys.length)).hmget(scoredKey, ...this.keys)
    // A Redis that is full refuses the announcement; what is scored has to be known all the same, for it makes room.
    const [, values] = await replies(pipeline, isFull)
    return (values as (string | null)[]).map((value) => Number(value ?? 0))
  }

  /** The newest position that ever was in each partition's stream; 0 where Redis has no such stream. */
  async ends(): Promise<readonly LogPosition[]> {
    const pipeline = this.redis.pipeline()
    for (const key of this.keys) pipeline.xinfo('STREAM', key)
    const infos = await replies(pipeline, isMissing)
    this.known = infos.map((info) => positionOf(lastGeneratedId(info as unknown[] | undefined)))
    return this.known
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

/**
 * KEYS: streams. ARGV: position, where each stream should end, the bytes for each. One step, so that nothing is appended
 * behind a gap: a Redis that has failed over, or began anew, may have lost what was acknowledged before.
 */
const appendScript = `
local position = tonumber(ARGV[1])
local ends = {}
for i, key in ipairs(KEYS) do
  ends[i] = 0
  if redis.call('exists', key) == 1 then
    local info = redis.call('xinfo', 'stream', key)
    for j = 1, #info, 2 do
      if info[j] == 'last-generated-id' then ends[i] = tonumber(string.match(info[j + 1], '^%d+')) end
    end
  end
  if ends[i] < position and ends[i] ~= tonumber(ARGV[1 + i]) then return 0 end
end
for i, key in ipairs(KEYS) do
  if ends[i] < position then redis.call('xadd', key, ARGV[1] .. '-1', 'batches', ARGV[1 + #KEYS + i]) end
end
return 1`

const keysOf = (log: string, partitions: number): string[] =>
  Array.from({ length: partitions }, (_, partition) =>
    streamKey({ log, partition, partitions } satisfies Partition),
  )

/** The reply of XINFO STREAM is a flat list of names and values. */
function lastGeneratedId(info: unknown[] = []): string {
  const at = info.indexOf('last-generated-id')
  return at < 0 ? '0-0' : String(info[at + 1])
}

const isFull = (error: Error) => error.message.startsWith('OOM')
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
