import type { Redis } from 'ioredis'
import { asHandoff } from '../../ingest/handoff/streams.ts'
import type { Board, ProcessAccount, SeenProcess } from '../accounts.ts'

export type BoardRedis = Pick<Redis, 'set' | 'sadd' | 'srem' | 'del' | 'smembers' | 'mget'>

const workersKey = '{forewarn}:workers'
const accountKey = (worker: string) => `{forewarn}:account:${worker}`
const aliveKey = (worker: string) => `{forewarn}:alive:${worker}`

/** A process that has not spoken for so long is gone, ms: a few rounds of posting. */
const aliveMs = 6_000
/** One that has been gone for so long was taken down for good, ms. */
const rememberedMs = 86_400_000

/** Where every process of the installation says what it counts. */
export interface RedisBoard extends Board {
  /** Says it; once a second. Throws HANDOFF_UNAVAILABLE. */
  post(): Promise<void>
  /** Takes the process off the board: it stops, which is no fault. */
  leave(): Promise<void>
}

export function createRedisBoard(
  redis: BoardRedis,
  worker: string,
  own: () => Promise<ProcessAccount>,
): RedisBoard {
  async function post() {
    const account = JSON.stringify(await own())
    await redis.set(accountKey(worker), account, 'PX', rememberedMs)
    await redis.set(aliveKey(worker), '1', 'PX', aliveMs)
    await redis.sadd(workersKey, worker)
  }

  async function others(): Promise<SeenProcess[]> {
    const names = (await redis.smembers(workersKey)).filter((name) => name !== worker)
    if (names.length === 0) return []
    const texts = await redis.mget(names.map(accountKey))
    const alive = await redis.mget(names.map(aliveKey))
    return texts.flatMap((text, i) =>
      text === null ? [] : [{ ...(JSON.parse(text) as ProcessAccount), gone: alive[i] === null }],
    )
  }

  return {
    all: async () => [{ ...(await own()), gone: false }, ...(await asHandoff(others()))],
    post: () => asHandoff(post()),
    leave: async () => {
      await asHandoff(redis.srem(workersKey, worker))
      await asHandoff(redis.del(aliveKey(worker), accountKey(worker)))
    },
  }
}
