import type { Redis } from 'ioredis'
import type { Clock } from '../../core/clock.ts'
import type { LifeEvent } from '../../core/device.ts'
import { ForewarnError, messageOf } from '../../core/errors.ts'

const stream = '{forewarn}:life'
/** Hash: reader > id up to which it has read. */
const cursors = '{forewarn}:life:read'
/** Life events come by hand, a few a day: a score process that was away for weeks still finds them. */
const keep = 10_000
const perRead = 100
const pollMs = 500

export type LifeRedis = Pick<Redis, 'xadd' | 'xrange' | 'hget' | 'hset'>

/** Tells score processes of a life event: it ends an alarm there. Throws HANDOFF_UNAVAILABLE. */
export async function tellLifeEvent(redis: Pick<LifeRedis, 'xadd'>, event: LifeEvent): Promise<void> {
  try {
    await redis.xadd(stream, 'MAXLEN', '~', keep, '*', 'event', JSON.stringify(event))
  } catch (error) {
    throw new ForewarnError('HANDOFF_UNAVAILABLE', { problem: messageOf(error) }, error)
  }
}

export interface LifeReaderOptions {
  readonly redis: LifeRedis
  /** Stable name of who reads: a share of the devices, as every share has to hear of its own. */
  readonly reader: string
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Called event after event; one that rejects is told again. */
  onEvent(event: LifeEvent): Promise<void>
  /** Hears of the first failure in a row. */
  onProblem(error: unknown): void
}

/** Reads life events, each at least once, until `signal` aborts. Redis away: it waits. */
export async function readLifeEvents(options: LifeReaderOptions): Promise<void> {
  const { redis, reader, clock, signal, onEvent, onProblem } = options
  for (let failing = false; !signal.aborted; ) {
    try {
      const after = (await redis.hget(cursors, reader)) ?? '0-0'
      for (const [id, [, text]] of await redis.xrange(stream, `(${after}`, '+', 'COUNT', perRead)) {
        await onEvent(JSON.parse(text!) as LifeEvent)
        await redis.hset(cursors, reader, id)
      }
      failing = false
    } catch (error) {
      if (!failing && !signal.aborted) onProblem(error)
      failing = true
    }
    await clock.sleep(pollMs, signal)
  }
}
