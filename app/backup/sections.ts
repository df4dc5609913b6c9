import { dumpTables } from '../../alerts/db/transfer.ts'
import { openDeadLetters } from '../../ingest/log/lmdbDeadLetters.ts'
import { openLogReader } from '../../ingest/log/lmdbReader.ts'
import { recordOf } from './archive/batches.ts'
import type { BackupRecord } from './archive/records.ts'
import type { Parts } from './parts.ts'
import type { Progress } from './progress.ts'
import { piecesOf, stateFiles } from './stateFiles.ts'
import { endOfTime, readingsOf } from './storedReadings.ts'

/** The sections of the archive, in the order in which a restore wants them: the log goes on where the store ends. */
export async function* recordsOf(
  parts: Parts,
  telemetry: boolean,
  progress: Progress,
): AsyncGenerator<BackupRecord> {
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
