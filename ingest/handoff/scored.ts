import type { Redis } from 'ioredis'
import type { SourcePosition } from '../../core/ports.ts'
import type { LogPosition } from '../../core/reading.ts'
import { scoredKey } from './keys.ts'
import { asHandoff } from './streams.ts'

/** The score process's side of the cursor: what it says here lets the ingest process's log move on. */
export interface ScoredPositions {
  /** A slice was scored and everything that follows from it is kept. Throws HANDOFF_UNAVAILABLE. */
  commit(position: SourcePosition): Promise<void>
  /** Says everything again: a Redis that failed over may have forgotten some of it. Throws HANDOFF_UNAVAILABLE. */
  repeat(): Promise<void>
}

export type ScoredRedis = Pick<Redis, 'hset' | 'hgetall'>

/** Positions never go back: after a restart entries come again that were scored before. */
export async function openScoredPositions(redis: ScoredRedis): Promise<ScoredPositions> {
  const told = Object.entries(await asHandoff(redis.hgetall(scoredKey)))
  const known = new Map<string, LogPosition>(told.map(([stream, at]) => [stream, Number(at)]))
  const mine = new Map<string, LogPosition>()
  const say = async (positions: ReadonlyMap<string, LogPosition>) => {
    if (positions.size > 0) await asHandoff(redis.hset(scoredKey, Object.fromEntries(positions)))
  }
  return {
    async commit(position) {
      for (const [stream, at] of Object.entries(position))
        mine.set(stream, Math.max(at, mine.get(stream) ?? known.get(stream) ?? 0))
      await say(new Map(Object.keys(position).map((stream) => [stream, mine.get(stream)!])))
    },
    repeat: () => say(mine),
  }
}
