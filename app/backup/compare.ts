import { countRows } from '../../alerts/db/transfer.ts'
import { ForewarnError } from '../../core/errors.ts'
import type { OpenLog } from '../../ingest/log/log.ts'
import type { Verified } from './archive/read.ts'
import type { Counts } from './archive/records.ts'
import type { Refused } from './fill.ts'
import type { Parts } from './parts.ts'
import { stateFiles } from './stateFiles.ts'

/** What is in an installation, asked of its parts, by the names that an archive has for it. */
export async function countParts(parts: Parts, log: OpenLog): Promise<Counts> {
  const { store, catalogue, db, queue, folder } = parts
  const perType = await Promise.all([...catalogue.keys()].map((type) => store.counts(type)))
  const { waiting, active, delayed } = await queue.counts()
  return {
    ...(await countRows(db)),
    predictions: waiting + active + delayed,
    files: stateFiles(folder).length,
    readings: perType.flatMap((counts) => [...counts.values()]).reduce((sum, n) => sum + n, 0),
    scores: await store.scoreCount(),
    deadLetters: (await log.deadLetters.list({ limit: Number.MAX_SAFE_INTEGER })).length,
    logged: log.stats().behind.store ?? 0,
  }
}

/** Throws RESTORE_INCOMPLETE, naming what is missing. Without telemetry in the archive the store is its own affair. */
export function assertRestored({ header, counts }: Verified, found: Counts, refused: Refused): void {
  const expected: Record<string, number> = { ...counts }
  expected.readings = (counts.readings ?? 0) - refused.whole
  expected.deadLetters = (counts.deadLetters ?? 0) + refused.whole + refused.partial
  const ours = Object.keys(found).filter((what) => header.telemetry || !['readings', 'scores'].includes(what))
  const wrong = ours.filter((what) => found[what] !== (expected[what] ?? 0))
  if (wrong.length === 0) return
  const problem = wrong.map((what) => `${what}: ${found[what]} of ${expected[what] ?? 0}`).join(', ')
  throw new ForewarnError('RESTORE_INCOMPLETE', { problem })
}
