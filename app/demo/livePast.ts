import { SingleBar } from 'cli-progress'
import type { Fleet } from '../../edge/simulator/fleet.ts'
import type { Journey } from '../journey.ts'
import type { Stopped } from '../untilStopped.ts'
import { drain } from './accounts.ts'
import { type Colleague, startColleague } from './colleague.ts'

export interface PastOptions {
  readonly seed: string
  /** Event time at which it ends, ms. */
  readonly until: number
  readonly start: number
}

/**
 * Waits until the fleet has lived through its past, with a colleague at work on what comes of it; she hands over what she
 * has not taken on. Every reading goes the way of any other: broker, log, store, models, policy, queue.
 */
export async function livePast(
  { tickets, summary }: Journey,
  fleet: Fleet,
  { seed, start, until }: PastOptions,
  stopped: Stopped,
): Promise<Colleague> {
  const colleague = startColleague({ tickets, fleet, now: fleet.time, seed })
  const bar = new SingleBar({
    format: '  the weeks before you came  {bar}  {percentage} %',
    hideCursor: true,
    clearOnComplete: true,
    noTTYOutput: false,
  })
  bar.start(until - start, 0)
  while (fleet.time() < until && !stopped.signal.aborted) {
    await Promise.race([new Promise((done) => setTimeout(done, 200)), stopped.wait])
    bar.update(Math.min(until, fleet.time()) - start)
  }
  bar.stop()
  await drain({ summary })
  colleague.handOver()
  return colleague
}
