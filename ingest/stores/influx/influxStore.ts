import type { Catalogue } from '../../../core/catalogue.ts'
import { ForewarnError } from '../../../core/errors.ts'
import type { WriteResult } from '../../../core/ports.ts'
import type { ReadingBatch } from '../../../core/reading.ts'
import { channelsOf, type Store } from '../store.ts'
import { InfluxClient, parsePlace, WriteRefused } from './client.ts'
import { quoted, text } from './influxql.ts'
import { type Point, recordLine, scoreLine } from './lines.ts'
import { deviceOf, type NewestTimes, planSlice, type SlicePlan, type TypePlan } from './plan.ts'
import * as reads from './reads.ts'
import { writePoints } from './writePoints.ts'

/**
 * Telemetry in InfluxDB 1.x by line protocol and InfluxQL. Identity is InfluxDB's own, (series, time), so that writing
 * again changes nothing; duplicates are found by asking before writing. It remembers no position: the log's cursor
 * counts, and what was written after it is written again after a crash and then counted as duplicate.
 */
export function createInfluxStore(url: string, catalogue: Catalogue): Store {
  const client = new InfluxClient(parsePlace(url))
  /** Undefined until it was read. */
  let newest: NewestTimes | undefined
  /** The slice that is being written, kept for when its write is tried again. */
  let pending: { batches: readonly ReadingBatch[]; plan: SlicePlan } | undefined

  async function open(): Promise<NewestTimes> {
    if (newest) return newest
    await ensureDatabase(client)
    const found = new Map<string, Map<string, number>>()
    for (const assetType of catalogue.keys()) found.set(assetType, await reads.newestTimes(client, assetType))
    newest = found
    return found
  }

  async function write(batches: readonly ReadingBatch[]): Promise<WriteResult> {
    const known = await open()
    if (pending?.batches !== batches) {
      pending = { batches, plan: await planSlice(client, catalogue, known, batches) }
    }
    const { plan } = pending
    const refused = [...plan.refused]
    let stored = 0
    let duplicates = 0
    for (const type of plan.types) {
      const result = await carryOut(client, type)
      stored += result.stored
      duplicates += result.duplicates
      refused.push(...result.refused)
    }
    for (const { type, points } of plan.types) advance(known.get(type.name)!, points)
    pending = undefined
    return { stored, duplicates, refused }
  }

  /** A database that is gone or new to us: what was known about it no longer holds. */
  const startingOver = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work
    } catch (error) {
      if (error instanceof ForewarnError && error.code === 'STORE_MISCONFIGURED') {
        newest = undefined
        pending = undefined
      }
      throw error
    }
  }

  return {
    open: async () => {
      await open()
    },
    totals: async () => undefined,
    cursor: async () => undefined,
    close: async () => client.close(),
    write: (batches) => startingOver(write(batches)),

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
      await writeAll(client, scores.map(scoreLine))
    },
    record: async (records) => {
      await open()
      await writeAll(
        client,
        records.map(recordLine).filter((line) => line !== undefined),
      )
    },
    scores: (assetType, device, from, to, limit = 2000) =>
      reads.scores(client, assetType, device, from, to, limit),
    scoreCount: () => reads.scoreCount(client),
  }
}

/** Lines that are ours alone: one that is refused is a mistake, not bad input. Throws STORE_REFUSED. */
async function writeAll(client: InfluxClient, lines: readonly string[]): Promise<void> {
  for (let start = 0; start < lines.length; start += 5_000) {
    await client.write(lines.slice(start, start + 5_000)).catch((error) => {
      throw error instanceof WriteRefused
        ? new ForewarnError('STORE_REFUSED', { problem: error.message }, error)
        : error
    })
  }
}

function advance(newest: Map<string, number>, points: readonly Point[]): void {
  for (const point of points) {
    const device = deviceOf(point)
    newest.set(device, Math.max(newest.get(device) ?? Number.NEGATIVE_INFINITY, point.time))
  }
}

/** 2.x has no CREATE DATABASE, and a user may lack the right to it: both are fine where the database is there. */
async function ensureDatabase(client: InfluxClient): Promise<void> {
  const { database } = client.place
  const [listed] = await client.query('SHOW DATABASES', {}, undefined)
  const names = listed?.[0]?.values.map(([name]) => name) ?? []
  if (!names.includes(database)) await client.query(`CREATE DATABASE ${quoted(database)}`, {}, undefined)
}

/** Writes what is planned for one asset type; repeatable. */
async function carryOut(client: InfluxClient, plan: TypePlan): Promise<WriteResult> {
  const { type, points, duplicates } = plan
  const channels = type.channels.map((channel) => channel.name)
  await clearReplaced(client, channels, plan)
  const refused = await writePoints(client, channels, points)
  const lost = refused.filter((one) => !one.partial).length
  return { stored: points.length - plan.known.length - lost, duplicates, refused }
}

/** Removes stored readings that have a value where the one that replaces them has none; rare. */
async function clearReplaced(
  client: InfluxClient,
  channels: readonly string[],
  { type, known, existing }: TypePlan,
): Promise<void> {
  for (const point of known) {
    const { batch, row, time } = point
    const present = existing.get(deviceOf(point))!.get(time)!
    const leavesOut = channels.some(
      (name, c) => present.has(name) && !Number.isFinite(batch.channels[c]?.[row]),
    )
    if (!leavesOut) continue
    await client.query(
      `DELETE FROM ${quoted(type.name)} WHERE "device" = ${text(deviceOf(point))}
         AND time >= ${time}ms AND time <= ${time}ms`,
    )
  }
}
