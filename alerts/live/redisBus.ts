import { randomUUID } from 'node:crypto'
import type { Redis } from 'ioredis'

import { messageOf } from '../../core/errors.ts'
import type { EventBus, LiveEvent } from '../../core/ports.ts'
import { within } from '../deadline.ts'
import { createEventBus } from './eventBus.ts'

export interface RedisBusParts {
  /** Fails at once while Redis is away: a live change that nobody can hear is not worth keeping. */
  readonly commands: Pick<Redis, 'publish'>
  /** A connection of its own: one that subscribes can do nothing else. */
  readonly subscriber: Pick<Redis, 'subscribe'> & {
    on(event: 'message', handler: (channel: string, text: string) => void): unknown
  }
  onError(thrown: unknown): void
}

const channel = '{forewarn}:live'
/** How long a subscription may take at the start, ms. */
const patienceMs = 5_000

interface Envelope {
  readonly from: string
  readonly event: LiveEvent
}

/**
 * The event bus across processes: what one publishes all of them hear, at most once. Live changes only; who needs to
 * know for sure asks the stores.
 */
export async function createRedisBus(parts: RedisBusParts): Promise<EventBus> {
  const { commands, subscriber, onError } = parts
  const own = randomUUID()
  const local = createEventBus(onError)
  subscriber.on('message', (_channel: string, text: string) => {
    try {
      const { from, event } = JSON.parse(text) as Envelope
      if (from !== own) local.publish(event)
    } catch (thrown) {
      onError(thrown)
    }
  })
  await within(subscriber.subscribe(channel), patienceMs)
  let failing = false
  return {
    publish(event) {
      local.publish(event)
      commands.publish(channel, JSON.stringify({ from: own, event } satisfies Envelope)).then(
        () => {
          failing = false
        },
        (thrown) => {
          if (!failing) onError(new Error(`live changes do not reach other processes: ${messageOf(thrown)}`))
          failing = true
        },
      )
    },
    subscribe: (handler) => local.subscribe(handler),
  }
}
