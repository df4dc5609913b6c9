import { createPostgresBackend, type PostgresConnectionOptions, runMigrations, withBackend } from 'bullmq'
import type pg from 'pg'
import type { Config } from '../../core/config.ts'
import type { PredictionQueue } from '../../core/ports.ts'
import type { Prediction } from '../../core/ticket.ts'
import { BullQueue, type Processor, queueName, workerOptions } from './bullQueue.ts'

const { Queue, Worker } = withBackend(createPostgresBackend)

/**
 * BullMQ on its PostgreSQL backend, over PGlite and only there: on a PostgreSQL server that backend loses events and
 * deadlocks when it trims. The pool stays its owner's; close the queue before it.
 */
export async function createPgliteQueue(
  pool: pg.Pool,
  settings: Pick<Config['queue'], 'attempts' | 'backoffMs'>,
  onError: (reason: Error) => void = () => undefined,
): Promise<PredictionQueue> {
  await migrateQueue(pool)
  // BullMQ declares a smaller pool of its own that the overloads of the real one do not match.
  const connection = pool as unknown as PostgresConnectionOptions
  const queue = new Queue<Prediction>(queueName, { connection })
  queue.on('error', onError)
  const parts = {
    queue,
    startWorker: (processor: Processor) =>
      new Worker<Prediction, void>(queueName, processor, { ...workerOptions, connection }).on(
        'error',
        onError,
      ),
    disconnect: () => undefined,
  }
  return new BullQueue(parts, settings).ready()
}

/**
 * BullMQ's own migrations, in its schema `bullmq`. Then nobody handles anything: a process has this database to itself,
 * and the one before it is gone. Its locks and waits are moments of the wall clock, and where that has been set back
 * since they would lie an hour ahead.
 */
async function migrateQueue(pool: pg.Pool) {
  const client = await pool.connect()
  try {
    await runMigrations(client, 'bullmq')
    await client.query(
      `UPDATE bullmq.job SET locked_until_ms = 0, stalled_marked = true WHERE state = 'active'`,
    )
    await client.query(`UPDATE bullmq.job SET process_at_ms = 0 WHERE state = 'delayed'`)
    await client.query(`DELETE FROM bullmq.meta WHERE field = 'stalled-check'`)
  } finally {
    client.release()
  }
}
