import { messageOf } from '../core/errors.ts'
import type { PredictionQueue } from '../core/ports.ts'

export type QueueCounts = Awaited<ReturnType<PredictionQueue['counts']>>

export interface QueueLook {
  /** As of the last answer. */
  readonly counts: QueueCounts
  /** Why there was no answer this time. */
  readonly problem?: string
}

/** A queue that is away may take long to say so; whoever asks for the health does not wait for that. */
const patienceMs = 1_500

/** Looks at the queue without waiting for one that is away: then the counts are those of the last answer. */
export function queueLook(
  queue: Pick<PredictionQueue, 'counts'>,
  patience = patienceMs,
): () => Promise<QueueLook> {
  let counts: QueueCounts = { waiting: 0, active: 0, delayed: 0, failed: 0 }
  return async () => {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${patience} ms`)), patience)
    })
    try {
      counts = await Promise.race([queue.counts(), late])
      return { counts }
    } catch (error) {
      return { counts, problem: messageOf(error) }
    } finally {
      clearTimeout(timer)
    }
  }
}
