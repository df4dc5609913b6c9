import type { Catalogue } from '../../../core/catalogue.ts'
import { type Clock, systemClock } from '../../../core/clock.ts'
import { ForewarnError } from '../../../core/errors.ts'
import type { WriteResult } from '../../../core/ports.ts'
import type { ReadingBatch } from '../../../core/reading.ts'
import { channelsOf, type OnNotice, type Store, type TelemetryConfig } from '../store.ts'
import { WriteRefused } from './answers.ts'
import { InfluxClient } from './client.ts'
import { type Point, recordLine, scoreLine } from './lines.ts'
import { Opening } from './opening.ts'
import { parsePlace } from './place.ts'
import { deviceOf, planSlice, type SlicePlan, type TypePlan } from './plan.ts'
import * as reads from './reads.ts'
import { clearReplaced } from './replace.ts'
import { runRollups } from './rollups/loop.ts'
import { TouchedHours } from './rollups/touchedHours.ts'
import { trend } from './trend.ts'
import { windows } from './windows.ts'
import { writePoints } from './writePoints.ts'

/**
 * Telemetry in InfluxDB 1.x, 2.x or 3 Core by line protocol and InfluxQL. Identity is InfluxDB's own, (series, time), so
 * that writing again changes nothing; duplicates are found by asking before writing. It remembers no position: the log's
 * cursor counts, and what was written after it is written again after a crash and then counted as duplicate.
 */
export function createInfluxStore(
  telemetry: TelemetryConfig,
  catalogue: Catalogue,
  notice: OnNotice = () => {},
  clock: Clock = systemClock,
): Store {
  const client = new InfluxClient(parsePlace(telemetry))
  const opening = new Opening(client, catalogue, telemetry.retentionDays, notice)
  const touched = new TouchedHours()
  /** The slice that is being written, kept for when its write is tried again. */
  let pending: { batches: readonly ReadingBatch[]; plan: SlicePlan } | undefined

  async function write(batches: readonly ReadingBatch[]): Promise<WriteResult> {
    const { newest } = await opening.open()
    if (pending?.batches !== batches) {
      pending = { batches, plan: await planSlice(client, catalogue, newest, batches) }
    }
    const { plan } = pending
    const total = { stored: 0, duplicates: 0, refused: [...plan.refused] }
    for (const type of plan.types) {
      const result = await carryOut(client, type)
      total.stored += result.stored
      total.duplicates += result.duplicates
      total.refused.push(...result.refused)
    }
    const now = clock.elapsed()
    for (const { type, points } of plan.types) {
      advance(newest.get(type.name)!, points)
      for (const point of points) touched.touch(type.name, deviceOf(point), point.time, now)
    }
    pending = undefined
    return total
  }

  /** A database that is gone or new to us: what was known about it no longer holds. */
  const startingOver = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work
    } catch (error) {
      if (error instanceof ForewarnError && error.code === 'STORE_MISCONFIGURED') {
        opening.forget()
        pending = undefined
      }
      throw error
    }
  }

  const rollups = {
    client,
    catalogue,
    clock,
    touched,
    notice,
    opened: () => opening.open(),
    prepareAgain: () => opening.prepareAgain(),
  }

  return {
    open: async () => {
      await opening.open()
    },
    totals: async () => undefined,
    cursor: async () => undefined,
    look: () => startingOver(opening.look()),
    close: async () => client.close(),
    write: (batches) => startingOver(write(batches)),
    upkeep: (signal) => runRollups(rollups, signal),

    window: (assetType, device, until, rows) =>
      reads.window(client, catalogue, assetType, device, until, rows),
    windows: (assetType, wanted, rows) => windows(client, catalogue, assetType, wanted, rows),
    trend: (assetType, device, channel, from, to, bucketMs) =>
      channelsOf(catalogue, assetType).includes(channel)
        ? trend(client, { assetType, device, channel, from, to, bucketMs }, touched.of(assetType, device))
        : Promise.resolve([]),
    latest: (assetType) => reads.latest(client, catalogue, assetType),
    devices: (assetType) => reads.devices(client, assetType),
    counts: (assetType) => reads.counts(client, assetType),

    writeScores: async (scores) => {
      await opening.prepare()
      await writeAll(client, scores.map(scoreLine))
    },
    record: async (records) => {
      await opening.prepare()
      await writeAll(
        client,
        records.map(recordLine).filter((line) => line !== undefined),
      )
    },
    scores: (assetType, device, from, to, limit = 2000, role = undefined) =>
      reads.scores(client, assetType, device, from, to, limit, role),
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

/** Writes what is planned for one asset type; repeatable. */
async function carryOut(client: InfluxClient, plan: TypePlan): Promise<WriteResult> {
  const { type, points, duplicates } = plan
  const channels = type.channels.map((channel) => channel.name)
  await clearReplaced(client, channels, plan)
  const refused = await writePoints(client, channels, points)
  const lost = refused.filter((one) => !one.partial).length
  return { stored: points.length - plan.known.length - lost, duplicates, refused }
}
