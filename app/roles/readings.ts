import { join } from 'node:path'
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

export async function openReadings(
  around: Around,
  folder: string,
  link: Link | undefined,
): Promise<Readings> {
  const { config, catalogue, clock, closers } = around
  const logFolder = join(folder, 'log')
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
  await log.continueAfter(Math.max(store.stats().position, ...((await streams?.ends()) ?? [])))
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
