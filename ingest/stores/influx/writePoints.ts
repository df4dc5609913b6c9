import { ForewarnError } from '../../../core/errors.ts'
import type { RefusedReading } from '../../../core/ports.ts'
import { series } from '../../../core/series.ts'
import { readingAt } from '../store.ts'
import { type InfluxClient, WriteRefused } from './client.ts'
import { lineOf, type Point } from './lines.ts'

/** Lines in one request: measured best, 127-196 thousand six-field lines a second. */
const pointsPerRequest = 5_000

/** Writes points of one asset type; returns what InfluxDB refuses for good. */
export async function writePoints(
  client: InfluxClient,
  channels: readonly string[],
  points: readonly Point[],
): Promise<RefusedReading[]> {
  const refused: RefusedReading[] = []
  for (let start = 0; start < points.length; start += pointsPerRequest) {
    refused.push(...(await writeSome(client, channels, points.slice(start, start + pointsPerRequest))))
  }
  return refused
}

/**
 * One request, and further ones until everything is stored or known to be refused. InfluxDB stores the good lines of
 * a request and names no line that it dropped, only the first reason, so that the reason tells what to do.
 */
async function writeSome(
  client: InfluxClient,
  channels: readonly string[],
  points: readonly Point[],
): Promise<RefusedReading[]> {
  const conflicts = new Map<string, string>()
  for (;;) {
    const without = new Set(conflicts.keys())
    const lines = points.map((point) => lineOf(point, channels, without))
    try {
      const present = lines.filter((line) => line !== undefined)
      if (present.length > 0) await client.write(present)
      return points.flatMap((point) => refusedValues(point, channels, conflicts))
    } catch (error) {
      if (!(error instanceof WriteRefused)) throw error
      const field = conflictingField(error.message)
      // The field was made with another type by someone else: store the readings without it.
      if (field !== undefined && !conflicts.has(field)) conflicts.set(field, error.message)
      else {
        const stored = points.filter((_, i) => lines[i] !== undefined)
        return [
          ...points.flatMap((point) => refusedValues(point, channels, conflicts)),
          ...(await refusedOf(client, channels, stored, error)),
        ]
      }
    }
  }
}

async function refusedOf(
  client: InfluxClient,
  channels: readonly string[],
  points: readonly Point[],
  error: WriteRefused,
): Promise<RefusedReading[]> {
  const dropped = Number(/beyond retention policy.*dropped=(\d+)/s.exec(error.message)?.[1] ?? 0)
  // Retention drops what is older than its edge: the dropped points are the oldest ones.
  if (dropped > 0) {
    const oldestFirst = points.toSorted((a, b) => a.time - b.time)
    return oldestFirst.slice(0, dropped).map((point) => refusal(point, error.message))
  }
  if (points.length === 1) return [refusal(points[0]!, error.message)]
  // A body that is too large, or a reason not known here: halves, down to the reading that it is about.
  const half = Math.ceil(points.length / 2)
  return [
    ...(await writeSome(client, channels, points.slice(0, half))),
    ...(await writeSome(client, channels, points.slice(half))),
  ]
}

function conflictingField(message: string): string | undefined {
  const field = /field type conflict: input field "([^"]+)"/.exec(message)?.[1]
  if (field === series.receivedAt) throw new ForewarnError('STORE_MISCONFIGURED', { problem: message })
  return field
}

const refusal = ({ batch, row }: Point, detail: string): RefusedReading => ({
  reading: readingAt(batch, row),
  detail,
})

/** The values of a reading that went under with their fields: `partial` where others of it are stored. */
function refusedValues(
  point: Point,
  channels: readonly string[],
  conflicts: ReadonlyMap<string, string>,
): RefusedReading[] {
  const { batch, row } = point
  const lost = channels.filter((name, c) => conflicts.has(name) && Number.isFinite(batch.channels[c]?.[row]))
  if (lost.length === 0) return []
  const detail = conflicts.get(lost[0]!)!
  if (lineOf(point, channels, new Set(lost)) === undefined) return [refusal(point, detail)]
  const reading = readingAt(batch, row)
  const values = reading.values.map((value, c) => (lost.includes(channels[c]!) ? value : Number.NaN))
  return [{ reading: { ...reading, values }, detail, partial: true }]
}
