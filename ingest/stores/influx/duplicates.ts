import { series } from '../../../core/series.ts'
import type { InfluxClient } from './client.ts'
import { number, text } from './influxql.ts'
import type { Point } from './lines.ts'

/** Statements in one request. */
const statementsPerQuery = 50

/** Existing readings among `points`: by device, their times, each with the channels it has a value for. */
export type Existing = Map<string, Map<number, ReadonlySet<string>>>

/**
 * Looks up which of these points the store has already. Asked only of those that are not later than the newest known
 * time of their device, as everything later is new.
 */
export async function findExisting(
  client: InfluxClient,
  assetType: string,
  cadenceMs: number,
  points: readonly Point[],
): Promise<Existing> {
  const existing: Existing = new Map()
  const ranges = rangesOf(points, 32 * cadenceMs)
  for (let start = 0; start < ranges.length; start += statementsPerQuery) {
    const some = ranges.slice(start, start + statementsPerQuery)
    const statements = some.map(
      ({ device, from, to }) =>
        `SELECT * FROM "${assetType}" WHERE "device" = ${text(device)} AND time >= ${from}ms AND time <= ${to}ms`,
    )
    const results = await client.query(statements.join('; '))
    some.forEach(({ device }, i) => {
      const times = existing.get(device) ?? new Map<number, ReadonlySet<string>>()
      existing.set(device, times)
      for (const { columns, values } of results[i] ?? []) {
        for (const row of values) times.set(number(row[0]), presentColumns(columns, row))
      }
    })
  }
  return existing
}

const ownColumns: readonly string[] = ['time', series.receivedAt, ...Object.values(series.tags)]

const presentColumns = (columns: readonly string[], row: readonly unknown[]): ReadonlySet<string> =>
  new Set(columns.filter((name, i) => row[i] !== null && !ownColumns.includes(name)))

/**
 * Per device the times as few ranges, split where there is a wide gap: InfluxQL cannot ask for several single times
 * at once, and one range from the first to the last could span years.
 */
export function rangesOf(
  points: readonly Point[],
  widestGap: number,
): { device: string; from: number; to: number }[] {
  const byDevice = new Map<string, number[]>()
  for (const { batch, row, time } of points) {
    const times = byDevice.get(batch.device[row]!)
    if (times) times.push(time)
    else byDevice.set(batch.device[row]!, [time])
  }
  return [...byDevice].flatMap(([device, times]) => {
    times.sort((a, b) => a - b)
    const ranges: { device: string; from: number; to: number }[] = []
    for (const time of times) {
      const last = ranges.at(-1)
      if (last && time - last.to <= widestGap) last.to = time
      else ranges.push({ device, from: time, to: time })
    }
    return ranges
  })
}
