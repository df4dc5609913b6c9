import { type Clock, systemClock } from '../../core/clock.ts'
import type { Config } from '../../core/config.ts'
import { messageOf } from '../../core/errors.ts'
import type { FailedPrediction, PredictionQueue } from '../../core/ports.ts'
import type { Prediction } from '../../core/ticket.ts'
import { type Handler, notFailed } from './bullQueue.ts'

interface Job {
  readonly prediction: Prediction
  state: 'waiting' | 'active' | 'delayed' | 'failed'
  attempts: number
  error: string
}

/** The prediction queue for tests and trials: gone with the process. */
export function createMemoryQueue(
  settings: Pick<Config['queue'], 'attempts' | 'backoffMs'>,
  clock: Clock = systemClock,
): PredictionQueue {
  return new MemoryQueue(settings, clock)
}

class MemoryQueue implements PredictionQueue {
  private readonly jobs = new Map<string, Job>()
  private readonly closing = new AbortController()
  private handler: Handler | undefined
  private round: Promise<void> | undefined

  constructor(
    private readonly settings: Pick<Config['queue'], 'attempts' | 'backoffMs'>,
    private readonly clock: Clock,
  ) {}

  async add(prediction: Prediction): Promise<void> {
    if (this.jobs.has(prediction.id)) return
    const job: Job = { prediction: structuredClone(prediction), state: 'waiting', attempts: 0, error: '' }
    this.jobs.set(prediction.id, job)
    this.start()
  }

  async process(handler: Handler): Promise<void> {
    if (this.handler) throw new Error('this queue has its handler already')
    this.handler = handler
    this.start()
  }

  async counts() {
    const counts = { waiting: 0, active: 0, delayed: 0, failed: 0 }
    for (const { state } of this.jobs.values()) counts[state]++
    return counts
  }

  async failed(limit = 100): Promise<FailedPrediction[]> {
    return [...this.jobs.values()]
      .filter((job) => job.state === 'failed')
      .slice(0, limit)
      .map(({ prediction, attempts, error }) => ({ id: prediction.id, prediction, attempts, error }))
  }

  async retry(id: string): Promise<void> {
    const job = this.jobs.get(id)
    if (job?.state !== 'failed') throw notFailed(id)
    Object.assign(job, { state: 'waiting', attempts: 0, error: '' })
    this.start()
  }

  async close(): Promise<void> {
    this.closing.abort()
    await this.round
  }

  /** Handles what waits, one after the other, unless that is under way already. */
  private start() {
    if (!this.handler) return
    this.round ??= this.handleAll(this.handler).finally(() => {
      this.round = undefined
    })
  }

  private async handleAll(handler: Handler) {
    // A turn of the event loop first: `add` is done before its prediction is handled.
    await new Promise((resolve) => setImmediate(resolve))
    for (let job = this.nextJob(); job; job = this.nextJob()) await this.handle(job, handler)
  }

  private nextJob(): Job | undefined {
    if (this.closing.signal.aborted) return undefined
    return [...this.jobs.values()].find((job) => job.state === 'waiting')
  }

  private async handle(job: Job, handler: Handler) {
    job.state = 'active'
    job.attempts++
    try {
      await handler(job.prediction)
      this.jobs.delete(job.prediction.id)
    } catch (reason) {
      job.error = messageOf(reason)
      job.state = job.attempts < this.settings.attempts ? 'delayed' : 'failed'
      if (job.state === 'delayed') void this.wakeLater(job)
    }
  }

  /** Exponential back-off: each wait is twice the one before. */
  private async wakeLater(job: Job) {
    await this.clock.sleep(this.settings.backoffMs * 2 ** (job.attempts - 1), this.closing.signal)
    if (this.closing.signal.aborted) return
    job.state = 'waiting'
    this.start()
  }
}
