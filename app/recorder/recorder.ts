import type { Clock } from '../../core/clock.ts'
import { ForewarnError, messageOf } from '../../core/errors.ts'
import type { TrendRecord, TrendRecords } from '../../core/ports.ts'
import { every } from '../every.ts'

/** Takes what shall be recorded; never throws and never waits. */
export type Sink = (records: readonly TrendRecord[]) => void

export interface RecorderStats {
  /** Taken, not yet in the store. */
  readonly waiting: number
  readonly written: number
  /** Given up: the oldest ones when the store was away for too long, and those that it refused. */
  readonly dropped: number
}

export interface Recorder {
  readonly add: Sink
  stats(): RecorderStats
  /** Writes what waits, once more, and ends. What the store does not take then is gone, and logged. */
  close(): Promise<void>
}

export interface RecorderParts {
  readonly records: TrendRecords
  readonly clock: Clock
  readonly logger: {
    info(details: object, message: string): void
    warn(details: object, message: string): void
  }
  readonly everyMs?: number
  /** So many records wait at most; beyond it the oldest are given up. */
  readonly mostWaiting?: number
}

const perWrite = 5_000

/**
 * Writes trend records about every second. A store that is away is tried again with what has gathered, the newest kept
 * up to a cap: trends are there to be looked at and are not tickets, so that they may not fill the memory.
 */
export function createRecorder(parts: RecorderParts): Recorder {
  const { records, clock, logger, everyMs = 1_000, mostWaiting = 100_000 } = parts
  let waiting: TrendRecord[] = []
  let written = 0
  let dropped = 0
  let away = false

  function keepNewest(candidates: TrendRecord[]): void {
    dropped += Math.max(0, candidates.length - mostWaiting)
    waiting = candidates.slice(-mostWaiting)
  }

  /** Whether the batch is done with, written or refused for good. */
  async function write(batch: readonly TrendRecord[]): Promise<boolean> {
    try {
      await records.record(batch)
      written += batch.length
      if (away) logger.info({ dropped }, 'trends are recorded again')
      away = false
      return true
    } catch (error) {
      const refused = error instanceof ForewarnError && error.next === 'drop'
      if (refused) dropped += batch.length
      if (refused || !away) complain(error, refused)
      away ||= !refused
      return refused
    }
  }

  function complain(error: unknown, refused: boolean): void {
    const remedy = error instanceof ForewarnError ? error.remedy : undefined
    const what = refused ? 'the store refused trend records' : 'trends wait for the store'
    logger.warn({ problem: messageOf(error), remedy, waiting: waiting.length, dropped }, what)
  }

  async function flush(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, perWrite)
      waiting = waiting.slice(perWrite)
      if (await write(batch)) continue
      keepNewest([...batch, ...waiting])
      return
    }
  }

  const rounds = every(everyMs, flush, clock)
  return {
    add: (more) => {
      for (const record of more) waiting.push(record)
      if (waiting.length > mostWaiting) keepNewest(waiting)
    },
    stats: () => ({ waiting: waiting.length, written, dropped }),
    async close() {
      await rounds.stop()
      await flush()
      if (waiting.length > 0)
        logger.warn({ lost: waiting.length }, 'trend records that the store did not take')
    },
  }
}
