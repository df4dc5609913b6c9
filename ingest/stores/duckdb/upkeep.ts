import type { Clock } from '../../../core/clock.ts'
import { Pace } from '../pace.ts'
import type { Engine } from './engine.ts'
import type { Tables } from './tables.ts'

const idleMs = 1_000
const failedMs = 10_000
/** A step holds the writer up: as many hours at once as take about so long. */
const step = { shortMs: 50, longMs: 200, fewest: 1, most: 16_384 } as const

/**
 * Computes the hourly roll-ups that could not be counted along, a portion at a time between the writes, paced so that
 * the writer hardly notices. While the store fails, which the writer tells, it waits. Resolves once `signal` aborts;
 * never throws.
 */
export async function fillMissingHours(
  engine: Engine<Tables>,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const pace = new Pace(clock, signal)
  let portion = 64
  const fill = async () => {
    const start = clock.elapsed()
    const filled = await fillSome(engine, portion)
    return { filled, tookMs: clock.elapsed() - start }
  }
  while (!signal.aborted) {
    const done = await pace.run(fill).catch(() => undefined)
    if (done === undefined) await clock.sleep(failedMs, signal)
    else if (done.filled === 0) await clock.sleep(idleMs, signal)
    else portion = nextPortion(portion, done.tookMs)
  }
}

function nextPortion(portion: number, tookMs: number): number {
  if (tookMs > step.longMs) return Math.max(step.fewest, portion >> 1)
  return tookMs < step.shortMs ? Math.min(step.most, portion * 2) : portion
}

/** How many hours were computed; 0 when there were none. */
async function fillSome(engine: Engine<Tables>, most: number): Promise<number> {
  return engine.write(async (connection, { hourly }) => {
    for (const one of hourly.values()) {
      const filled = await one.fill(connection, most)
      if (filled > 0) return filled
    }
    return 0
  })
}
