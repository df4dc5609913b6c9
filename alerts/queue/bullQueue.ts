import type { Job, JobsOptions, Queue, Worker } from 'bullmq'
import type { Config } from '../../core/config.ts'
import { ForewarnError, messageOf } from '../../core/errors.ts'
import type { FailedPrediction, PredictionQueue } from '../../core/ports.ts'
import type { Prediction } from '../../core/ticket.ts'
import { within } from '../deadline.ts'

/** BullMQ's name of the queue. */
export const queueName = 'predictions'

export type Handler = (prediction: Prediction) => Promise<void>
export type Processor = (job: Job<Prediction>) => Promise<void>

/** What is used of BullMQ; the same for every backend. */
export type JobQueue = Pick<
  Queue<Prediction>,
  'add' | 'getJob' | 'getFailed' | 'getJobCounts' | 'waitUntilReady' | 'close'
>
export type JobWorker = Pick<Worker<Prediction>, 'waitUntilReady' | 'close' | 'disconnect'>

export interface BullParts {
  readonly queue: JobQueue
  startWorker(processor: Processor): JobWorker
  /** Runs what must not be lost any more, where the backend answers before it is safe. */
  readonly write?: (work: () => Promise<unknown>) => Promise<unknown>
  /** Lets go of the connections, whatever state they are in. */
  disconnect(): Promise<void> | void
}

/** Options of every worker. */
export const workerOptions = {
  concurrency: 4,
  // `true` crashes on Redis; what has been handled is known by the tickets.
  removeOnComplete: { count: 0 },
  // A killed process lets its jobs go after the lock, found by the next check; handling is idempotent, so a job may be
  // taken up again as often as processes die over it.
  lockDuration: 10_000,
  stalledInterval: 5_000,
  maxStalledCount: 1_000,
  // How long a worker waits before it looks again after its backend was away; by default 15 s.
  runRetryDelay: 1_000,
} as const

/** How long any call may take before the queue counts as unavailable. */
const deadlineMs = 5_000

/** BullMQ refuses ids with colons and ids that are integers. */
const jobIdOf = (predictionId: string) => `prediction-${encodeURIComponent(predictionId)}`

/** The prediction queue on BullMQ, whichever backend is in the parts. */
export class BullQueue implements PredictionQueue {
  private worker: JobWorker | undefined
  private readonly jobOptions: JobsOptions

  constructor(
    private readonly parts: BullParts,
    { attempts, backoffMs }: Pick<Config['queue'], 'attempts' | 'backoffMs'>,
  ) {
    this.jobOptions = { attempts, backoff: { type: 'exponential', delay: backoffMs } }
  }

  /** Resolves when the backend answers. Throws QUEUE_UNAVAILABLE. */
  async ready(): Promise<this> {
    await inTime(this.parts.queue.waitUntilReady())
    return this
  }

  async add(prediction: Prediction): Promise<void> {
    const options = { ...this.jobOptions, jobId: jobIdOf(prediction.id) }
    const add = () => this.parts.queue.add('prediction', prediction, options)
    await inTime(this.parts.write ? this.parts.write(add) : add())
  }

  async process(handler: Handler): Promise<void> {
    if (this.worker) throw new Error('this queue has its handler already')
    this.worker = this.parts.startWorker((job) => handler(job.data))
    await inTime(this.worker.waitUntilReady())
  }

  async counts() {
    const counts = await inTime(this.parts.queue.getJobCounts('waiting', 'active', 'delayed', 'failed'))
    const { waiting = 0, active = 0, delayed = 0, failed = 0 } = counts
    return { waiting, active, delayed, failed }
  }

  async failed(limit = 100): Promise<FailedPrediction[]> {
    const jobs = await inTime(this.parts.queue.getFailed(0, limit - 1))
    return jobs.map(({ data, attemptsMade, failedReason }) => ({
      id: data.id,
      prediction: data,
      attempts: attemptsMade,
      error: failedReason ?? '',
    }))
  }

  async retry(id: string): Promise<void> {
    const job = await inTime(this.parts.queue.getJob(jobIdOf(id)))
    if (!job || !(await inTime(job.isFailed()))) throw notFailed(id)
    await inTime(job.retry('failed', { resetAttemptsMade: true, resetAttemptsStarted: true }))
  }

  /** Waits for what is being handled, not for what waits. Throws QUEUE_UNAVAILABLE, closed all the same. */
  async close(): Promise<void> {
    try {
      if (this.worker) await inTime(this.worker.close(), drainMs)
      await inTime(this.parts.queue.close())
    } catch (reason) {
      // Without this a worker's connection would look for its server for ever.
      void this.worker?.disconnect().catch(() => undefined)
      throw reason
    } finally {
      await this.parts.disconnect()
    }
  }
}

/** How long closing waits for predictions that are being handled. */
const drainMs = 10_000

/** There is nothing to retry under this id. */
export const notFailed = (id: string) => new ForewarnError('NOT_FOUND', { path: `failed prediction ${id}` })

/** Awaits with a deadline; whatever goes wrong is QUEUE_UNAVAILABLE with the reason. */
export async function inTime<T>(work: Promise<T>, ms = deadlineMs): Promise<T> {
  try {
    return await within(work, ms)
  } catch (reason) {
    throw new ForewarnError('QUEUE_UNAVAILABLE', { problem: messageOf(reason) }, reason)
  }
}
