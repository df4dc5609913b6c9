import { existsSync } from 'node:fs'
import { join, resolve, sep } from 'node:path'
import { createTicketStore } from '../../alerts/tickets/sqlTickets.ts'
import type { Clock } from '../../core/clock.ts'
import { ForewarnError } from '../../core/errors.ts'
import { Closers } from '../closers.ts'
import { version } from '../version.ts'
import { format, formatVersion, type Header } from './archive/records.ts'
import { assertFree, type Written, writeArchive } from './archive/write.ts'
import { openParts, type Parts, type Surroundings } from './parts.ts'
import { type Progress, silent } from './progress.ts'
import { recordsOf } from './sections.ts'

export interface BackupOptions extends Surroundings {
  readonly file: string
  /** Stored readings and scores, too. */
  readonly telemetry: boolean
  readonly progress?: Progress
}

export interface BackupResult extends Written {
  /** Scores of devices that neither register, store nor catalogue know: they stay out, and are named. */
  readonly scoresLeftOut: number
}

/** Writes everything that a restore needs into one archive. Throws what opening and writing throw. */
export async function backup(options: BackupOptions): Promise<BackupResult> {
  assertFree(options.file)
  assertPlaces(resolve(options.config.data.folder), resolve(options.file))
  const closers = new Closers()
  try {
    const parts = await openParts(options, closers)
    await finishQueue(parts, options.clock)
    const { progress = silent, telemetry } = options
    const sections = recordsOf(parts, telemetry, progress)
    const written = await writeArchive(options.file, headerOf(parts, options), sections)
    const kept = written.counts.scores ?? 0
    const scoresLeftOut = telemetry ? (await parts.store.scoreCount()) - kept : 0
    return { ...written, scoresLeftOut }
  } finally {
    await closers.closeAll(() => undefined)
  }
}

/** A mistyped folder would give a backup of nothing, and a backup in the data folder would be in the next one. */
function assertPlaces(folder: string, file: string): void {
  if (!existsSync(join(folder, 'log'))) {
    const problem = 'there is no reading log in it: nothing was ever kept here'
    throw new ForewarnError('DATA_FOLDER_UNUSABLE', { folder, problem })
  }
  if (!file.startsWith(folder + sep)) return
  throw new ForewarnError('REQUEST_INVALID', { problem: `${file} is in the data folder; put it elsewhere` })
}

const headerOf = ({ catalogue }: Parts, { telemetry, clock }: BackupOptions): Header => ({
  kind: 'header',
  format,
  version: formatVersion,
  writtenBy: version,
  writtenAt: new Date(clock.now()).toISOString(),
  assetTypes: Object.fromEntries(
    [...catalogue.values()].map(({ name, channels }) => [name, channels.map((channel) => channel.name)]),
  ),
  telemetry,
})

/**
 * A prediction that waits in the queue becomes the ticket that it was about to become: no queue gives its jobs out without
 * handling them. What fails for good is kept as it is.
 */
async function finishQueue({ db, queue }: Parts, clock: Clock): Promise<void> {
  const left = async () => {
    const { waiting, active, delayed } = await queue.counts()
    return waiting + active + delayed
  }
  if ((await left()) === 0) return
  const tickets = createTicketStore(db, { clock })
  await queue.process(async (prediction) => {
    await tickets.raise(prediction)
  })
  while ((await left()) > 0) await clock.sleep(100)
}
