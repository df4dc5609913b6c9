import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ForewarnError } from '../../core/errors.ts'
import { takeLease } from '../../ingest/handoff/lease.ts'
import { LogStreams } from '../../ingest/handoff/streams.ts'
import { openReadingLog } from '../../ingest/log/lmdbLog.ts'
import type { OpenLog } from '../../ingest/log/log.ts'
import { type StoreHandle, startStore } from '../../ingest/stores/host.ts'
import type { Around } from '../around.ts'
import type { Link } from '../link.ts'
import type { Backlog } from '../recorder/loss.ts'
import { keepStored } from '../storing.ts'

/** The reading log of an ingest process, and the store that is filled from it. */
export interface Readings {
  /** The data folder. */
  readonly folder: string
  readonly log: OpenLog
  readonly logFolder: string
  readonly store: StoreHandle
  /** What the log held when the process started. */
  readonly backlog: Backlog
  /** The log's way to the score processes; undefined where it is read in this process. */
  readonly streams: LogStreams | undefined
}

/**
 * An ingest process's log is known to the others by worker.name: two of one name would take each other's entries for
 * their own. Who holds the name is told by an id in the data folder, so that the same process takes it over at once.
 */
async function holdName(
  { config, clock, closers, logger, stopping, onFatal }: Around,
  folder: string,
  link: Link,
): Promise<void> {
  const { name } = config.worker
  const lease = await takeLease({
    redis: link.commands,
    what: `log:${name}`,
    holder: identityIn(folder),
    clock,
    signal: stopping,
    patienceMs: goneMs,
    taken: () => new ForewarnError('WORKER_NAME_TAKEN', { name }),
    onWaiting: () =>
      logger.warn({ name }, 'the name of this process is taken; waiting whether its holder is gone'),
    onLost: onFatal,
  })
  closers.add('name of the log', () => lease.release())
}

/** Longer than a lease lives whose holder is gone, ms. */
const goneMs = 15_000

function identityIn(folder: string): string {
  const file = join(folder, 'worker.id')
  const kept = existsSync(file) ? readFileSync(file, 'utf8').trim() : ''
  if (kept !== '') return kept
  // an empty one is what a power cut left of it, and would be everybody's
  const made = randomUUID()
  writeFileSync(file, made, { flush: true })
  return made
}

export async function openReadings(
  around: Around,
  folder: string,
  link: Link | undefined,
): Promise<Readings> {
  const { config, catalogue, clock, closers } = around
  const logFolder = join(folder, 'log')
  if (link) await holdName(around, folder, link)
  const log = await openReadingLog({
    folder: logFolder,
    maxBytes: config.log.maxBytes,
    catalogue,
    consumers: ['store', 'scorer'],
    clock,
  })
  closers.add('reading log', () => log.close())
  const { readings: deadLettered } = await log.deadLetters.counts()
  const backlog = { deadLettered, inLog: log.stats().behind.store ?? 0 }
  const store = await openStore(around, folder, { logFolder, from: log.cursor('store') })
  const streams = link && new LogStreams(link.commands, config.worker.name, config.handoff.partitions)
  // A log that was moved away begins anew; store and streams would take its first blocks for old ones and skip them.
  await log.continueAfter(
    Math.max(
      store.stats().position,
      ...((await streams?.ends()) ?? []),
      ...((await streams?.scored()) ?? []),
    ),
  )
  await streams?.announce()
  keepStored(store, log, clock)
  return { folder, log, logFolder, store, backlog, streams }
}

/** The telemetry store; without a log it is read, and scores are written, but no readings. */
export async function openStore(
  { config, catalogue, closers, logger, onFatal }: Around,
  folder: string,
  log?: { logFolder: string; from: number },
): Promise<StoreHandle> {
  const store = await startStore({
    telemetry: config.telemetry,
    dataFolder: folder,
    catalogue,
    logger,
    onFatal,
    ...log,
  })
  closers.add('telemetry store', () => store.close())
  return store
}
