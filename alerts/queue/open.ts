import type pg from 'pg'
import type { Config } from '../../core/config.ts'
import type { PredictionQueue } from '../../core/ports.ts'
import { connectRedis, type RedisLink } from '../redis/link.ts'
import { createMemoryQueue } from './memoryQueue.ts'
import { createPgliteQueue } from './pgliteQueue.ts'
import { createRedisQueue } from './redisQueue.ts'

export interface QueueSurroundings {
  /** The embedded PostgreSQL, for `pglite:`. */
  readonly pool?: pg.Pool | undefined
  /** A connection to the Redis of `queue.url` that others use too; it stays its owner's. Without one the queue makes its own. */
  readonly redis?: RedisLink | undefined
  /** Hears of trouble in the background, such as a lost connection. */
  readonly logger?: { warn(details: object, message: string): void } | undefined
}

/** Opens the queue that `queue.url` names. Throws QUEUE_UNAVAILABLE, QUEUE_MISCONFIGURED, CONFIG_INVALID. */
export async function openQueue(
  settings: Config['queue'],
  { pool, redis, logger }: QueueSurroundings,
): Promise<PredictionQueue> {
  const onError = (reason: Error) => logger?.warn({ err: reason }, 'prediction queue')
  if (settings.url.startsWith('redis')) {
    if (redis) return createRedisQueue(redis, settings, { onError })
    return onOwnLink(settings, onError, logger)
  }
  if (settings.url.startsWith('memory:')) return createMemoryQueue(settings)
  if (!pool) throw new Error('the queue on PGlite needs its pool')
  return createPgliteQueue(pool, settings, onError)
}

async function onOwnLink(
  settings: Config['queue'],
  onError: (reason: Error) => void,
  logger: QueueSurroundings['logger'],
): Promise<PredictionQueue> {
  const link = await connectRedis(settings, {
    onError,
    onRisk: ({ problem, setting }) => logger?.warn({ setting }, `prediction queue: ${problem}`),
  })
  return createRedisQueue(link, settings, { onError, ownsLink: true }).catch(async (error) => {
    await link.close()
    throw error
  })
}
