import type { AssetType, Catalogue } from '../../../core/catalogue.ts'
import type { RefusedReading } from '../../../core/ports.ts'
import type { ReadingBatch } from '../../../core/reading.ts'
import { admit, readingAt, refuseAll } from '../store.ts'
import type { InfluxClient } from './client.ts'
import { type Existing, findExisting } from './duplicates.ts'
import { isWritableName, type Point } from './lines.ts'

/** Newest known time by asset type and device. */
export type NewestTimes = ReadonlyMap<string, Map<string, number>>

/** What a slice means for one asset type, found out before anything of it is written. */
export interface TypePlan {
  readonly type: AssetType
  /** One point an identity: the last one of the slice. */
  readonly points: readonly Point[]
  /** Those of them that the store has already, with what it has. */
  readonly known: readonly Point[]
  readonly existing: Existing
  /** Readings that a later one of the slice replaces, and those that replace a stored one. */
  readonly duplicates: number
}

export interface SlicePlan {
  readonly types: readonly TypePlan[]
  readonly refused: readonly RefusedReading[]
}

/**
 * Sorts a slice's readings into new, replacing and refused. Asked once a slice, however often its write is tried: what
 * a first try stored before the connection broke must not look like a duplicate to the second.
 */
export async function planSlice(
  client: InfluxClient,
  catalogue: Catalogue,
  newest: NewestTimes,
  batches: readonly ReadingBatch[],
): Promise<SlicePlan> {
  const refused: RefusedReading[] = []
  const byType = new Map<AssetType, Point[]>()
  for (const batch of batches) {
    const type = catalogue.get(batch.assetType)
    if (!type) {
      refused.push(...refuseAll(batch, `the catalogue has no asset type ${batch.assetType}`))
      continue
    }
    const points = byType.get(type) ?? []
    byType.set(type, points)
    collect(batch, points, refused)
  }
  const types: TypePlan[] = []
  for (const [type, points] of byType)
    types.push(await planType(client, type, newest.get(type.name)!, points))
  return { types, refused }
}

function collect(batch: ReadingBatch, points: Point[], refused: RefusedReading[]): void {
  const admitted = admit(batch)
  refused.push(...admitted.refused)
  for (const row of admitted.rows) {
    if (isWritableName(batch.device[row]!) && isWritableName(batch.site[row]!)) {
      points.push({ batch, row, time: Math.round(batch.time[row]!) })
    } else refused.push(unwritable(batch, row))
  }
}

const unwritable = (batch: ReadingBatch, row: number): RefusedReading => ({
  reading: readingAt(batch, row),
  reason: 'store_unparsable',
  detail: 'InfluxDB cannot hold this name',
})

async function planType(
  client: InfluxClient,
  type: AssetType,
  newest: ReadonlyMap<string, number>,
  points: readonly Point[],
): Promise<TypePlan> {
  const distinct = lastOfEach(points)
  const late = distinct.filter(
    (point) => point.time <= (newest.get(deviceOf(point)) ?? Number.NEGATIVE_INFINITY),
  )
  const existing = await findExisting(client, type.name, type.cadenceMs, late)
  const known = late.filter((point) => existing.get(deviceOf(point))?.has(point.time))
  return {
    type,
    points: distinct,
    known,
    existing,
    duplicates: points.length - distinct.length + known.length,
  }
}

export const deviceOf = ({ batch, row }: Point): string => batch.device[row]!

/** InfluxDB would merge the fields of points with one identity; the last write wins as a whole. */
function lastOfEach(points: readonly Point[]): Point[] {
  const byDevice = new Map<string, Map<number, Point>>()
  for (const point of points) {
    const times = byDevice.get(deviceOf(point))
    if (times) times.set(point.time, point)
    else byDevice.set(deviceOf(point), new Map([[point.time, point]]))
  }
  return [...byDevice.values()].flatMap((times) => [...times.values()])
}
