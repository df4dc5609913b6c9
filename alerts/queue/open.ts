import type pg from 'pg'
import type { Config } from '../../core/config.ts'
import type { PredictionQueue } from '../../core/ports.ts'
import { createMemoryQueue } from './memoryQueue.ts'
import { createPgliteQueue } from './pgliteQueue.ts'
import { createRedisQueue } from './redisQueue.ts'

export interface QueueSurroundings {
  /** The embedded PostgreSQL, for `pglite:`. */
  readonly pool: pg.Pool
  /** Hears of trouble in the background, such as a lost connection. */
  readonly logger?: { warn(details: object, message: string): void } | undefined
}

/** Opens the queue that `queue.url` names. Throws QUEUE_UNAVAILABLE. */
export async function openQueue(
  settings: Config['queue'],
  { pool, logger }: QueueSurroundings,
): Promise<PredictionQueue> {
  const onError = (reason: Error) => logger?.warn({ err: reason }, 'prediction queue')
  if (settings.url.startsWith('redis')) return createRedisQueue(settings, onError)
  if (settings.url.startsWith('memory:')) return createMemoryQueue(settings)
  return createPgliteQueue(pool, settings, onError)
}
