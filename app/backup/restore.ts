import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Catalogue } from '../../core/catalogue.ts'
import { ForewarnError } from '../../core/errors.ts'
import { syncPath } from '../../ingest/durableFolder.ts'
import { openReadingLog } from '../../ingest/log/lmdbLog.ts'
import { Closers } from '../closers.ts'
import { restoringMark, takeDataFolder } from '../dataFolder.ts'
import { loadCatalogue } from '../loadCatalogue.ts'
import { type Verified, verifyArchive } from './archive/read.ts'
import type { Counts } from './archive/records.ts'
import { assertRestored, countParts } from './compare.ts'
import { assertEmpty } from './emptiness.ts'
import { fill } from './fill.ts'
import { openParts, type Parts, type Surroundings } from './parts.ts'
import { type Progress, silent } from './progress.ts'
import { syncStateFiles } from './stateFiles.ts'

export interface RestoreOptions extends Surroundings {
  readonly file: string
  readonly progress?: Progress
}

export interface RestoreResult {
  readonly writtenBy: string
  readonly writtenAt: string
  /** As counted in this installation afterwards. */
  readonly counts: Counts
  /** Readings that the new store refused; each is a dead letter. */
  readonly refused: number
}

/**
 * Fills an empty installation from an archive, whatever adapters the archive came from. The archive is read to its end
 * before anything is written. Throws BACKUP_INVALID, INSTALLATION_NOT_EMPTY, RESTORE_INCOMPLETE where the counts differ
 * afterwards, and what the parts throw.
 */
export async function restore(options: RestoreOptions): Promise<RestoreResult> {
  const { file, progress = silent } = options
  progress('reading the archive', 0, 1)
  const archive = await verifyArchive(file)
  assertKnown(file, archive, loadCatalogue(options.config.catalogue.folder))
  const closers = new Closers()
  try {
    const parts = await openParts({ ...options, hold: takeDataFolder }, closers)
    await assertEmpty(parts, archive.header.telemetry)
    const mark = join(parts.folder, restoringMark)
    writeFileSync(mark, '')
    syncPath(parts.folder)
    const { counts, refused } = await fillFrom(parts, archive, options, closers)
    syncStateFiles(parts.folder)
    rmSync(mark)
    return { writtenBy: archive.header.writtenBy, writtenAt: archive.header.writtenAt, counts, refused }
  } finally {
    await closers.closeAll(() => undefined)
  }
}

/** Whoever reads the log at the first start; without them a log would keep nothing until then. */
const consumers = ['store', 'scorer']

async function fillFrom(
  parts: Parts,
  archive: Verified,
  { file, config, clock, progress = silent }: RestoreOptions,
  closers: Closers,
) {
  const { catalogue, logFolder: folder } = parts
  const log = await openReadingLog({ folder, maxBytes: config.log.maxBytes, catalogue, consumers, clock })
  closers.add('reading log', () => log.close())
  const refused = await fill(parts, log, file, { archive, clock, progress })
  const counts = await countParts(parts, log)
  assertRestored(archive, counts, refused)
  return { counts, refused: refused.whole }
}

/** Readings of an asset type or channel that the catalogue lacks could only be dropped. */
function assertKnown(file: string, { header, counts }: Verified, catalogue: Catalogue): void {
  if ((counts.readings ?? 0) + (counts.logged ?? 0) + (counts.scores ?? 0) === 0) return
  for (const [assetType, channels] of Object.entries(header.assetTypes)) {
    const known = new Set(catalogue.get(assetType)?.channels.map((channel) => channel.name))
    const missing = channels.find((channel) => !known.has(channel))
    if (missing === undefined) continue
    const what = known.size === 0 ? `asset type ${assetType}` : `channel ${missing} of ${assetType}`
    const problem = `the catalogue has no ${what}; put the file of that time into catalogue.folder`
    throw new ForewarnError('BACKUP_INVALID', { file, problem })
  }
}
