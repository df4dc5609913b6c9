import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { dumpTables } from '../../alerts/db/transfer.ts'
import { openParts, type Parts } from '../../app/backup/parts.ts'
import { stateFiles } from '../../app/backup/stateFiles.ts'
import { endOfTime, readingsOf } from '../../app/backup/storedReadings.ts'
import { Closers } from '../../app/closers.ts'
import { systemClock } from '../../core/clock.ts'
import type { Config } from '../../core/config.ts'
import type { StoredScore } from '../../core/ports.ts'
import type { Reading, ReadingBatch } from '../../core/reading.ts'
import { openDeadLetters } from '../../ingest/log/lmdbDeadLetters.ts'
import { openReadingLog } from '../../ingest/log/lmdbLog.ts'
import { openLogReader } from '../../ingest/log/lmdbReader.ts'
import { predictionOf } from '../contracts/ticketsPredictions.ts'
import { fillStore } from './filledStore.ts'

const t0 = 1_764_000_000_000
const minute = 60_000

/** What lies where in an installation that `fillInstallation` filled. */
export const filled = { stored: 240, logged: 90, tickets: 5, letters: 3 } as const

/** Opens an installation's parts, works with them, closes them. */
export async function withParts<T>(config: Config, work: (parts: Parts) => Promise<T>): Promise<T> {
  const closers = new Closers()
  try {
    return await work(await openParts({ config, clock: systemClock }, closers))
  } finally {
    await closers.closeAll((what, error) => {
      throw new Error(`${what} did not close`, { cause: error })
    })
  }
}

/**
 * Something of everything that a backup carries: tickets with their history, register, alarms; readings that are stored
 * and readings that only the log has; scores; dead letters; a prediction that failed and one that waits; a small file.
 */
export const fillInstallation = (config: Config): Promise<void> =>
  withParts(config, async (parts) => {
    await fillStore(parts.db, filled.tickets)
    await fillLogAndStore(parts)
    await parts.store.writeScores([...scoresOf('P-1', 7), ...scoresOf('P-2', 3)])
    await fillQueue(parts)
    mkdirSync(join(parts.folder, 'sparkplug'))
    writeFileSync(join(parts.folder, 'sparkplug', 'births.json'), '{"edge 1": [1, 2]}')
    writeFileSync(join(parts.folder, 'empty'), '')
    mkdirSync(join(parts.folder, 'attachments'))
    writeFileSync(join(parts.folder, 'attachments', 'a'.repeat(64)), 'it hums')
  })

/** Stored: 240 readings, two a minute. In the log: 90, of which the store has 30 and the scorer none. */
async function fillLogAndStore({ catalogue, logFolder: folder, store }: Parts): Promise<void> {
  const log = await openReadingLog({
    folder,
    maxBytes: 1e9,
    catalogue,
    consumers: ['store', 'scorer'],
    clock: systemClock,
  })
  for (let minutes = 0; minutes < 150; minutes += 15) await log.append(readings(minutes, minutes + 15))
  for (let position = 0; position < 8; ) {
    const slice = log.read(position, 1)!
    position = slice.position
    await store.write(slice.batches, position)
  }
  await log.commit('store', 8)
  await log.commit('scorer', 7)
  await log.append([], ['a', 'b', 'c'].map(letter))
  await log.close()
}

function readings(from: number, to: number): Reading[] {
  return Array.from({ length: to - from }, (_, i) => from + i).flatMap((at) =>
    ['P-1', 'P-2'].map((device, d) => ({
      device,
      site: d === 0 ? 'north' : "s'öuth",
      assetType: 'pump',
      time: t0 + at * minute,
      receivedAt: t0 + at * minute + 5,
      publishedAt: d === 0 ? Number.NaN : t0 + at * minute + 1,
      seq: at,
      values: Float64Array.of(1.4 + at / 3, d === 0 ? Number.NaN : 50.1, 30.7, 5.2, 100, 2465),
    })),
  )
}

const letter = (id: string) => ({
  id,
  at: t0,
  reason: 'not_json' as const,
  detail: 'the payload is not JSON',
  topic: 'forewarn/north/pump/P-1/telemetry',
  payload: Uint8Array.of(0, 255, 128, 10),
  readings: 1,
})

const scoresOf = (device: string, count: number): StoredScore[] =>
  Array.from({ length: count }, (_, i) => ({
    device,
    site: 'north',
    assetType: 'pump',
    windowEnd: t0 + i * minute,
    model: 'abc',
    role: 'champion' as const,
    anomaly: 1 / (3 + i),
    rul: { p05: 1, p10: 2, p50: 3.3, p90: 4, p95: 5 },
    failureProbability: 0.1,
  }))

/** One prediction that was tried in vain, and after it one that nobody has tried yet. */
async function fillQueue({ queue }: Parts): Promise<void> {
  await queue.add(predictionOf({ id: 'in vain', device: 'P-1' }))
  await queue.process(async () => {
    throw new Error('no ticket today')
  })
  while ((await queue.counts()).failed === 0) await systemClock.sleep(20)
  await queue.close()
}

/** Everything that an installation holds, in a form that can be compared. */
export const contentOf = (config: Config) =>
  withParts(config, async (parts) => ({
    tables: await collect(dumpTables(parts.db)),
    stored: await storedOf(parts),
    scores: await scoresIn(parts),
    ...(await logOf(parts)),
    files: stateFiles(parts.folder).map((path) => [path, readFileSync(join(parts.folder, path), 'utf8')]),
    predictions: await parts.queue.counts(),
  }))

async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const one of source) all.push(one)
  return all
}

async function storedOf({ store }: Parts) {
  const pages = await Promise.all(['P-1', 'P-2'].map((device) => collect(readingsOf(store, 'pump', device))))
  return pages.flat().map(({ device, site, time, receivedAt, channels }) => ({
    device,
    site,
    time: [...time],
    receivedAt: [...receivedAt],
    channels: channels.map((column) => [...column]),
  }))
}

const scoresIn = ({ store }: Parts) =>
  Promise.all(['P-1', 'P-2'].map((device) => store.scores('pump', device, -endOfTime, endOfTime, 1e6)))

/** The log's readings one by one, as their blocks may be cut differently. */
async function logOf({ logFolder: folder, catalogue }: Parts) {
  const reader = openLogReader({ folder, catalogue })
  const batches: ReadingBatch[] = []
  for (let slice = reader.read(0, 1e6); slice; slice = reader.read(slice.position, 1e6))
    batches.push(...slice.batches)
  const first = reader.last()
  await reader.close()
  const box = openDeadLetters({ folder })
  const letters = (await box.list()).map((one) => ({ ...one, payload: [...one.payload] }))
  await box.close()
  const logged = batches.flatMap(({ length, device, site, time, receivedAt, publishedAt, seq, channels }) =>
    Array.from({ length }, (_, i) => [
      device[i],
      site[i],
      ...[time, receivedAt, publishedAt, seq, ...channels].map((column) => column[i]),
    ]),
  )
  return { logged, letters, hasLog: first > 0 }
}
