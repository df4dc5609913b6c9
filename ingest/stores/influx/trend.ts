import { ForewarnError } from '../../../core/errors.ts'
import type { TrendBucket } from '../../../core/ports.ts'
import { hourMs, series } from '../../../core/series.ts'
import { mergeBuckets } from '../buckets.ts'
import { hourOf, type Range, splitTrend } from '../hours.ts'
import type { InfluxClient, ResultSeries } from './client.ts'
import { number, quoted } from './influxql.ts'
import { hourlyOf } from './rollups/recover.ts'
import { always, inSpans, within } from './spans.ts'

export interface TrendQuery extends Range {
  readonly assetType: string
  readonly device: string
  readonly channel: string
  readonly bucketMs: number
}

/**
 * This much before the newest roll-up comes from the readings: late ones come mostly there, and a process that does not
 * write knows nothing of hours that are still to be rolled up again.
 */
const recentMs = 48 * hourMs

/**
 * Buckets of whole hours come from the roll-ups where these are there and settled; all else from the readings.
 * `touched`: hours whose roll-up is known to be out of date.
 */
export async function trend(
  client: InfluxClient,
  query: TrendQuery,
  touched: readonly Range[],
): Promise<TrendBucket[]> {
  const bucketMs = Math.max(1, Math.round(query.bucketMs))
  const rollups = bucketMs % hourMs === 0 ? await rollupsOf(client, query).catch(noRollups) : none
  const missing = [...gapsBetween(query.from, rollups.hours), ...touched]
  const { hourly, raw } = splitTrend(query, bucketMs, rollups.until, missing)
  const settled = rollups.buckets.filter(({ time }) =>
    hourly.some(({ from, to }) => time >= from && time < to),
  )
  const parts = await Promise.all(raw.map((range) => bucketsOf(client, query, range, bucketMs)))
  return mergeBuckets([...settled, ...parts.flat()], bucketMs)
}

interface Rollups {
  /** Up to where they are settled. */
  readonly until: number
  /** Starts of the hours of the range that have one, in order. */
  readonly hours: readonly number[]
  /** What they say of the channel. */
  readonly buckets: readonly TrendBucket[]
}

const none: Rollups = { until: Number.NEGATIVE_INFINITY, hours: [], buckets: [] }

async function rollupsOf(client: InfluxClient, query: TrendQuery): Promise<Rollups> {
  const { assetType, device, channel, from, to } = query
  const fields = ['count', 'min', 'max', 'mean'].map((name) => quoted(`${channel}_${name}`)).join(', ')
  const readings = quoted(`${series.receivedAt}_count`)
  const ofDevice = `FROM ${hourlyOf(client, assetType)} WHERE "device" = $device`
  const newest = (part: Range) => `SELECT last(${readings}) ${ofDevice}${within(part)}`
  const rows = (part: Range) => `SELECT ${fields}, ${readings} ${ofDevice}${within(part)}`
  const [last, found] = await Promise.all([
    rowsIn(client, always, newest, device),
    rowsIn(client, { from, to: hourOf(to) }, rows, device),
  ])
  const buckets = found.map(bucketOf)
  return {
    until: (last.at(-1)?.[0] ?? Number.NEGATIVE_INFINITY) - recentMs,
    hours: buckets.map(({ time }) => time),
    buckets: buckets.filter(({ count }) => count > 0),
  }
}

/** Where there are none, or none for us to see, the readings tell everything. */
function noRollups(error: unknown): Rollups {
  if (error instanceof ForewarnError && error.code === 'STORE_MISCONFIGURED') return none
  throw error
}

/** The hours from `from` on that have no roll-up, as stretches. */
function gapsBetween(from: number, hours: readonly number[]): Range[] {
  const ends = [from, ...hours.map((hour) => hour + hourMs)]
  return hours.map((hour, i) => ({ from: ends[i]!, to: hour }))
}

async function bucketsOf(
  client: InfluxClient,
  { assetType, device, channel }: TrendQuery,
  range: Range,
  bucketMs: number,
): Promise<TrendBucket[]> {
  const value = quoted(channel)
  const statement = (part: Range) =>
    `SELECT count(${value}), min(${value}), max(${value}), mean(${value}) FROM ${quoted(assetType)}
       WHERE "device" = $device${within(part)} GROUP BY time(${bucketMs}ms) fill(none)`
  return (await rowsIn(client, range, statement, device)).map(bucketOf)
}

/** Rows of time and numbers, in order of time. */
async function rowsIn(
  client: InfluxClient,
  range: Range,
  statement: (range: Range) => string,
  device: string,
): Promise<number[][]> {
  const read = async (part: Range) => {
    const [found] = await client.query(statement(part), { device })
    return numbersIn(found?.[0])
  }
  return (await inSpans(range, read, undefined, undefined, 'all')).reverse().flat()
}

const numbersIn = (found: ResultSeries | undefined): number[][] =>
  (found?.values ?? []).map((row) => row.map(number))

function bucketOf([time, count, min, max, mean]: readonly number[]): TrendBucket {
  return { time: time!, count: count!, min: min!, max: max!, mean: mean! }
}
