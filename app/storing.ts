import { randomUUID } from 'node:crypto'
import type { Clock } from '../core/clock.ts'
import type { ReadingLog, WriteResult } from '../core/ports.ts'
import type { DeadLetter } from '../core/reading.ts'
import type { StoreHandle } from '../ingest/stores/host.ts'

/**
 * Answers the store's progress: what it refused becomes a dead letter first, then its cursor moves. In this order,
 * because a crash in between repeats the dead letter rather than losing the reading. What throws here is told again.
 */
export function keepStored(store: StoreHandle, log: ReadingLog, clock: Clock): void {
  store.onWritten(async ({ position, refused }) => {
    if (refused.length > 0) {
      const letters = refused.map((one) => deadLetter(one, clock.now()))
      await log.append([], letters)
    }
    await log.commit('store', position)
  })
}

/** What a store refused, as the dead letter that keeps it. */
export function deadLetter(
  { reading, reason, detail, partial }: WriteResult['refused'][number],
  at: number,
): DeadLetter {
  const { device, site, assetType, time, seq, values } = reading
  const payload = JSON.stringify({ time, seq: Number.isFinite(seq) ? seq : undefined, values: [...values] })
  return {
    id: randomUUID(),
    at,
    reason,
    detail,
    topic: `forewarn/${site}/${assetType}/${device}/telemetry`,
    payload: Buffer.from(payload),
    // A partial refusal left single values out: the reading itself is stored.
    readings: partial ? 0 : 1,
  }
}
