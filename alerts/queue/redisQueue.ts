import { Queue, Worker } from 'bullmq'
import type { Config } from '../../core/config.ts'
import type { PredictionQueue } from '../../core/ports.ts'
import type { Prediction } from '../../core/ticket.ts'
import type { RedisLink } from '../redis/link.ts'
import { BullQueue, type Processor, queueName, workerOptions } from './bullQueue.ts'

/** In braces, so that on a Redis cluster all keys of the queue lie in one slot. */
const prefix = '{forewarn}'

export interface RedisQueueOptions {
  /** Hears of trouble in the background. */
  readonly onError?: ((reason: Error) => void) | undefined
  /** Closing the queue closes the link. */
  readonly ownsLink?: boolean
}

/**
 * BullMQ on Redis. The connection heals by itself; a call that Redis does not answer in time throws
 * QUEUE_UNAVAILABLE, and may have its effect all the same: adding again is harmless.
 * Close the queue before its link. Throws QUEUE_UNAVAILABLE when Redis does not answer.
 */
export async function createRedisQueue(
  link: RedisLink,
  settings: Pick<Config['queue'], 'attempts' | 'backoffMs'>,
  { onError = () => undefined, ownsLink = false }: RedisQueueOptions = {},
): Promise<PredictionQueue> {
  // Without INFO the version cannot be asked for, and BullMQ then takes the oldest that it knows.
  const options = { connection: link.client, prefix, skipVersionCheck: !link.mayAskInfo }
  const queue = new Queue<Prediction>(queueName, options)
  queue.on('error', onError)
  const parts = {
    queue,
    startWorker: (processor: Processor) =>
      new Worker<Prediction, void>(queueName, processor, { ...workerOptions, ...options }).on(
        'error',
        onError,
      ),
    disconnect: () => (ownsLink ? link.close() : undefined),
  }
  return new BullQueue(parts, settings).ready()
}
