import type { Catalogue } from '../../../core/catalogue.ts'
import { ForewarnError } from '../../../core/errors.ts'
import type { RefusedReading, WriteResult } from '../../../core/ports.ts'
import type { ReadingBatch } from '../../../core/reading.ts'
import { admit, channelsOf, readingAt, refuseAll, type Store } from '../store.ts'
import { InfluxClient, parsePlace, WriteRefused } from './client.ts'
import { type Existing, findExisting } from './duplicates.ts'
import { quoted, text } from './influxql.ts'
import { isWritableName, type Point, scoreLine } from './lines.ts'
import * as reads from './reads.ts'
import { writePoints } from './writePoints.ts'

/**
 * Telemetry in InfluxDB 1.x by line protocol and InfluxQL. Identity is InfluxDB's own, (series, time), so that writing
 * again changes nothing; duplicates are found by asking before writing. It remembers no position: the log's cursor
 * counts, and what was written after it is written again after a crash and then counted as duplicate.
 */
export function createInfluxStore(url: string, catalogue: Catalogue): Store {
  const client = new InfluxClient(parsePlace(url))
  /** Newest known time by asset type and device; undefined until it was read. */
  let newest: Map<string, Map<string, number>> | undefined

  async function open(): Promise<Map<string, Map<string, number>>> {
    if (newest) return newest
    await ensureDatabase(client)
    const found = new Map<string, Map<string, number>>()
    for (const assetType of catalogue.keys()) found.set(assetType, await reads.newestTimes(client, assetType))
    newest = found
    return found
  }

  async function write(batches: readonly ReadingBatch[]): Promise<WriteResult> {
    const known = await open()
    const refused: RefusedReading[] = []
    let stored = 0
    let duplicates = 0
    for (const batch of batches) {
      const times = known.get(batch.assetType)
      if (!times) {
        refused.push(...refuseAll(batch, `the catalogue has no asset type ${batch.assetType}`))
        continue
      }
      const result = await writeBatch(client, catalogue, batch, times)
      stored += result.stored
      duplicates += result.duplicates
      refused.push(...result.refused)
    }
    return { stored, duplicates, refused }
  }

  return {
    open: async () => {
      await open()
    },
    totals: async () => undefined,
    cursor: async () => undefined,
    close: async () => client.close(),
    write,

    window: (assetType, device, until, rows) =>
      reads.window(client, catalogue, assetType, device, until, rows),
    trend: (assetType, device, channel, from, to, bucketMs) =>
      channelsOf(catalogue, assetType).includes(channel)
        ? reads.trend(client, assetType, device, channel, from, to, bucketMs)
        : Promise.resolve([]),
    latest: (assetType) => reads.latest(client, catalogue, assetType),
    devices: (assetType) => reads.devices(client, assetType),
    counts: (assetType) => reads.counts(client, assetType),

    writeScores: async (scores) => {
      await open()
      for (let start = 0; start < scores.length; start += 5_000) {
        const lines = scores.slice(start, start + 5_000).map(scoreLine)
        await client.write(lines).catch((error) => {
          throw error instanceof WriteRefused
            ? new ForewarnError('STORE_REFUSED', { problem: error.message }, error)
            : error
        })
      }
    },
    scores: (assetType, device, from, to, limit = 2000) =>
      reads.scores(client, assetType, device, from, to, limit),
    scoreCount: () => reads.scoreCount(client),
  }
}

/** 2.x has no CREATE DATABASE, and a user may lack the right to it: both are fine where the database is there. */
async function ensureDatabase(client: InfluxClient): Promise<void> {
  const { database } = client.place
  const [listed] = await client.query('SHOW DATABASES', {}, undefined)
  const names = listed?.[0]?.values.map(([name]) => name) ?? []
  if (!names.includes(database)) await client.query(`CREATE DATABASE ${quoted(database)}`, {}, undefined)
}

async function writeBatch(
  client: InfluxClient,
  catalogue: Catalogue,
  batch: ReadingBatch,
  newest: Map<string, number>,
): Promise<WriteResult> {
  const { assetType } = batch
  const channels = channelsOf(catalogue, assetType)
  const admitted = admit(batch)
  const refused = [...admitted.refused]
  const points: Point[] = []
  for (const row of admitted.rows) {
    if (isWritableName(batch.device[row]!) && isWritableName(batch.site[row]!)) {
      points.push({ batch, row, time: Math.round(batch.time[row]!) })
    } else refused.push({ reading: readingAt(batch, row), detail: 'InfluxDB cannot hold this name' })
  }

  const distinct = lastOfEach(points)
  const late = distinct.filter(
    (p) => p.time <= (newest.get(p.batch.device[p.row]!) ?? Number.NEGATIVE_INFINITY),
  )
  const { cadenceMs } = catalogue.get(assetType)!
  const existing = await findExisting(client, assetType, cadenceMs, late)
  const known = late.filter((p) => existing.get(batch.device[p.row]!)?.has(p.time))
  await clearReplaced(client, channels, known, existing)

  const outright = await writePoints(client, channels, distinct)
  refused.push(...outright)
  for (const { row, time } of distinct) {
    const device = batch.device[row]!
    newest.set(device, Math.max(newest.get(device) ?? Number.NEGATIVE_INFINITY, time))
  }
  const duplicates = points.length - distinct.length + known.length
  return {
    stored: points.length - duplicates - outright.filter((r) => !r.partial).length,
    duplicates,
    refused,
  }
}

/** InfluxDB would merge the fields of points with one identity; the last write wins as a whole. */
function lastOfEach(points: readonly Point[]): Point[] {
  const byDevice = new Map<string, Map<number, Point>>()
  for (const point of points) {
    const device = point.batch.device[point.row]!
    const times = byDevice.get(device)
    if (times) times.set(point.time, point)
    else byDevice.set(device, new Map([[point.time, point]]))
  }
  return [...byDevice.values()].flatMap((times) => [...times.values()])
}

/** Removes stored readings that have a value where the one that replaces them has none; rare. */
async function clearReplaced(
  client: InfluxClient,
  channels: readonly string[],
  known: readonly Point[],
  existing: Existing,
): Promise<void> {
  for (const { batch, row, time } of known) {
    const present = existing.get(batch.device[row]!)!.get(time)!
    const leavesOut = channels.some(
      (name, c) => present.has(name) && !Number.isFinite(batch.channels[c]?.[row]),
    )
    if (!leavesOut) continue
    const device = text(batch.device[row]!)
    await client.query(
      `DELETE FROM ${quoted(batch.assetType)} WHERE "device" = ${device} AND time >= ${time}ms AND time <= ${time}ms`,
    )
  }
}
