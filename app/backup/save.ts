import { existsSync } from 'node:fs'
import { join, resolve, sep } from 'node:path'
import { dumpTables } from '../../alerts/db/transfer.ts'
import { createTicketStore } from '../../alerts/tickets/sqlTickets.ts'
import type { Clock } from '../../core/clock.ts'
import { ForewarnError } from '../../core/errors.ts'
import { openDeadLetters } from '../../ingest/log/lmdbDeadLetters.ts'
import { openLogReader } from '../../ingest/log/lmdbReader.ts'
import { Closers } from '../closers.ts'
import { version } from '../version.ts'
import { recordOf } from './archive/batches.ts'
import { type BackupRecord, format, formatVersion, type Header } from './archive/records.ts'
import { assertFree, type Written, writeArchive } from './archive/write.ts'
import { openParts, type Parts, type Surroundings } from './parts.ts'
import { type Progress, silent } from './progress.ts'
import { piecesOf, stateFiles } from './stateFiles.ts'
import { endOfTime, readingsOf } from './storedReadings.ts'

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
    const sections = records(parts, telemetry, progress)
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

/** The sections of the archive, in the order in which a restore wants them: the log goes on where the store ends. */
async function* records(parts: Parts, telemetry: boolean, progress: Progress): AsyncGenerator<BackupRecord> {
  yield* tables(parts, progress)
  yield* failedPredictions(parts)
  for (const path of stateFiles(parts.folder)) yield* piecesOf(parts.folder, path)
  if (telemetry) {
    yield* stored(parts, progress)
    yield* scores(parts, progress)
  }
  yield* letters(parts)
  yield* logged(parts, progress)
}

async function* tables({ db }: Parts, progress: Progress): AsyncGenerator<BackupRecord> {
  let done = 0
  // one moment for all tables, whoever else is at the database
  const trx = await db.startTransaction().setIsolationLevel('repeatable read').execute()
  try {
    for await (const { table, rows } of dumpTables(trx)) {
      done += rows.length
      progress('tickets, register, alarms', done, done)
      yield { kind: 'table', table, rows: [...rows] }
    }
  } finally {
    await trx.rollback().execute()
  }
}

async function* failedPredictions({ queue }: Parts): AsyncGenerator<BackupRecord> {
  const { failed } = await queue.counts()
  if (failed === 0) return
  const predictions = (await queue.failed(failed)).map((one) => ({ ...one.prediction }))
  yield { kind: 'predictions', predictions }
}

const lettersARecord = 200

async function* letters({ logFolder }: Parts): AsyncGenerator<BackupRecord> {
  const box = openDeadLetters({ folder: logFolder })
  try {
    // newest first, as it is listed; a restore takes them in the order in which they came
    const all = (await box.list({ limit: Number.MAX_SAFE_INTEGER })).reverse()
    for (let start = 0; start < all.length; start += lettersARecord) {
      const some = all.slice(start, start + lettersARecord)
      const encoded = some.map((one) => ({ ...one, payload: Buffer.from(one.payload).toString('base64') }))
      yield { kind: 'deadLetters', letters: encoded }
    }
  } finally {
    await box.close()
  }
}

const readingsARecord = 10_000

/** What some consumer has not committed: acknowledged, and perhaps nowhere else. */
async function* logged({ logFolder, catalogue }: Parts, progress: Progress): AsyncGenerator<BackupRecord> {
  const log = openLogReader({ folder: logFolder, catalogue })
  try {
    let done = 0
    for (let slice = log.read(0, readingsARecord); slice; slice = log.read(slice.position, readingsARecord)) {
      for (const batch of slice.batches) {
        done += batch.length
        if (batch.length > 0) yield recordOf(batch, 'log')
      }
      progress('readings in the log', done, done)
    }
  } finally {
    await log.close()
  }
}

async function* stored({ store, catalogue }: Parts, progress: Progress): AsyncGenerator<BackupRecord> {
  const counts = await Promise.all(
    [...catalogue.keys()].map(async (type) => [type, await store.counts(type)] as const),
  )
  const total = counts.reduce((sum, [, devices]) => sum + [...devices.values()].reduce((a, b) => a + b, 0), 0)
  let done = 0
  for (const [type, devices] of counts) {
    for (const device of devices.keys()) {
      for await (const batch of readingsOf(store, type, device)) {
        done += batch.length
        yield recordOf(batch, 'store')
        progress('stored readings', done, total)
      }
    }
  }
}

const scoresARecord = 2_000

async function* scores(parts: Parts, progress: Progress): AsyncGenerator<BackupRecord> {
  const { store, catalogue } = parts
  const total = await store.scoreCount()
  let done = 0
  for (const assetType of catalogue.keys()) {
    for (const device of await devicesOf(parts, assetType)) {
      const all = await store.scores(assetType, device, -endOfTime, endOfTime, Number.MAX_SAFE_INTEGER)
      for (let start = 0; start < all.length; start += scoresARecord) {
        const some = all.slice(start, start + scoresARecord)
        done += some.length
        yield { kind: 'scores', scores: some }
        progress('scores', done, total)
      }
    }
  }
}

/** Retention may have taken a device's readings and left its scores: the register knows it all the same. */
async function devicesOf({ store, db }: Parts, assetType: string): Promise<Set<string>> {
  const registered = await db
    .selectFrom('forewarn.device')
    .select('device')
    .where('asset_type', '=', assetType)
    .execute()
  const stored = await store.devices(assetType)
  return new Set([...stored, ...registered].map(({ device }) => device))
}
