import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import type { Config } from '../../core/config.ts'
import { ForewarnError, messageOf } from '../../core/errors.ts'
import type { PredictionQueue } from '../../core/ports.ts'
import type { Prediction } from '../../core/ticket.ts'
import { BullQueue, inTime, type Processor, queueName, workerOptions } from './bullQueue.ts'
import { redisRisks } from './redisRisks.ts'

/** In braces, so that on a Redis cluster all keys of the queue lie in one slot. */
const prefix = '{forewarn}'

/**
 * BullMQ on Redis. The connection heals by itself; a call that Redis does not answer in time throws
 * QUEUE_UNAVAILABLE, and may have its effect all the same: adding again is harmless.
 * Throws QUEUE_UNAVAILABLE when Redis does not answer at the start.
 */
export async function createRedisQueue(
  settings: Config['queue'],
  onError: (reason: Error) => void = () => undefined,
): Promise<PredictionQueue> {
  const connection = new Redis(settings.url, { maxRetriesPerRequest: null })
  let trouble: Error | undefined
  connection.on('error', (reason: Error) => {
    trouble = reason
    onError(reason)
  })
  const queue = new Queue<Prediction>(queueName, { connection, prefix })
  queue.on('error', onError)
  const parts = {
    queue,
    startWorker: (processor: Processor) =>
      new Worker<Prediction, void>(queueName, processor, { ...workerOptions, connection, prefix }).on(
        'error',
        onError,
      ),
    disconnect: () => connection.disconnect(),
  }
  try {
    const ready = await new BullQueue(parts, settings).ready()
    await warnOfRisks(connection, onError)
    return ready
  } catch (error) {
    connection.disconnect()
    throw atAddress(trouble ?? (error instanceof ForewarnError ? error.cause : error), settings.url)
  }
}

async function warnOfRisks(connection: Redis, warn: (reason: Error) => void) {
  const info = await inTime(Promise.all([connection.info('memory'), connection.info('persistence')]))
  for (const risk of redisRisks(info.join('\n'))) warn(new Error(risk))
}

/** Names the server, without the password that may stand in its URL. */
const atAddress = (reason: unknown, url: string) =>
  new ForewarnError('QUEUE_UNAVAILABLE', { problem: `${new URL(url).host}: ${messageOf(reason)}` }, reason)
