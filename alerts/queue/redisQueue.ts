import { Queue, Worker } from 'bullmq'
import { Cluster, Redis } from 'ioredis'
import type { Config } from '../../core/config.ts'
import type { PredictionQueue } from '../../core/ports.ts'
import type { Prediction } from '../../core/ticket.ts'
import type { RedisLink } from '../redis/link.ts'
import { replicatedWrites } from '../redis/replicated.ts'
import { BullQueue, type JobWorker, type Processor, queueName, workerOptions } from './bullQueue.ts'

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
  const startWorker = (processor: Processor) => {
    const worker = new Worker<Prediction, void>(queueName, processor, { ...workerOptions, ...options })
    worker.on('error', onError)
    return link.client instanceof Cluster ? endingForGood(worker) : worker
  }
  const parts = {
    queue,
    startWorker,
    disconnect: () => (ownsLink ? link.close() : undefined),
    ...(link.kind === 'sentinel' && link.client instanceof Redis
      ? { write: replicatedWrites(link.client) }
      : {}),
  }
  return new BullQueue(parts, settings).ready()
}

/**
 * BullMQ 6.7 takes the end of a worker's blocking connection to a cluster for a failure, when the worker closes, too;
 * it connects anew and then waits for ever for the end. So that connection must not connect any more.
 */
function endingForGood(worker: Worker<Prediction, void>): JobWorker {
  const close = async () => {
    const blocking = await worker.getBackend().blockingClient
    if (blocking) blocking.connect = () => Promise.reject(new Error('the queue is closing'))
    await worker.close()
  }
  return { waitUntilReady: () => worker.waitUntilReady(), disconnect: () => worker.disconnect(), close }
}
