import type { RedisClient } from '../alerts/redis/client.ts'
import { connectRedis, type RedisLink } from '../alerts/redis/link.ts'
import type { RedisRisk } from '../alerts/redis/risks.ts'
import type { Config } from '../core/config.ts'

/** The connections to the Redis that connects the processes of an installation. */
export interface Link {
  /** For the queue: it waits while Redis is away. */
  readonly redis: RedisLink
  /** Fails at once while Redis is away: nothing gathers in this process, what matters is said again. */
  readonly commands: RedisClient
  /** For subscriptions alone. */
  readonly subscriber: RedisClient
  close(): Promise<void>
}

export interface LinkHooks {
  onError(error: Error): void
  onRisk(risk: RedisRisk): void
}

/** Throws QUEUE_UNAVAILABLE, QUEUE_MISCONFIGURED. */
export async function openLink(settings: Config['queue'], hooks: LinkHooks): Promise<Link> {
  const redis = await connectRedis(settings, hooks)
  const commands = redis.duplicate('prompt')
  if (commands.status !== 'ready')
    await new Promise<void>((resolve) => commands.once('ready', () => resolve()))
  return { redis, commands, subscriber: redis.duplicate(), close: () => redis.close() }
}
