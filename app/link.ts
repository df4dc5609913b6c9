import { within } from '../alerts/deadline.ts'
import type { RedisClient } from '../alerts/redis/client.ts'
import { connectRedis, type RedisLink } from '../alerts/redis/link.ts'
import type { RedisRisk } from '../alerts/redis/risks.ts'
import type { Config } from '../core/config.ts'
import { asHandoff } from '../ingest/handoff/streams.ts'

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

/** A server that answered a moment ago answers again in so long, ms. */
const patienceMs = 5_000

export interface LinkHooks {
  onError(error: Error): void
  onRisk(risk: RedisRisk): void
}

/** Throws QUEUE_UNAVAILABLE, QUEUE_MISCONFIGURED, HANDOFF_UNAVAILABLE. */
export async function openLink(settings: Config['queue'], hooks: LinkHooks): Promise<Link> {
  const redis = await connectRedis(settings, hooks)
  const commands = redis.duplicate('prompt')
  if (commands.status !== 'ready') {
    const ready = new Promise<void>((resolve) => commands.once('ready', () => resolve()))
    await asHandoff(within(ready, patienceMs))
  }
  return { redis, commands, subscriber: redis.duplicate(), close: () => redis.close() }
}
