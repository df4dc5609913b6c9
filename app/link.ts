import { Redis } from 'ioredis'
import type { Config } from '../core/config.ts'

/** The connections to the Redis that connects the processes of an installation. */
export interface Link {
  /** Fails at once while Redis is away: nothing gathers in this process, what matters is said again. */
  readonly commands: Redis
  /** For subscriptions alone. */
  readonly subscriber: Redis
  close(): void
}

/** A command that Redis does not answer in so long has failed, ms. */
const commandTimeout = 5_000

export async function openLink(settings: Config['queue'], onError: (error: Error) => void): Promise<Link> {
  const commands = new Redis(settings.url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout,
    lazyConnect: true,
  })
  const subscriber = new Redis(settings.url, { maxRetriesPerRequest: null })
  for (const client of [commands, subscriber]) client.on('error', onError)
  await commands.connect()
  return {
    commands,
    subscriber,
    close: () => {
      commands.disconnect()
      subscriber.disconnect()
    },
  }
}
