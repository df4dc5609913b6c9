import type { Catalogue } from '../../core/catalogue.ts'
import type { Config } from '../../core/config.ts'
import type {
  RefusedReading,
  ScoreStore,
  StoredScore,
  TelemetryStore,
  TrendRecords,
} from '../../core/ports.ts'
import type { Reading, ReadingBatch } from '../../core/reading.ts'

/**
 * What every adapter in this folder implements.
 *
 * Times are whole milliseconds: a fraction is rounded, and (device, rounded time) is the identity. A value that is not
 * finite is "no value"; a reading without any is refused. Stores keep time, receivedAt and the channels; `seq` and
 * `publishedAt` serve the way to the store and come back as NaN.
 */
export interface Store extends TelemetryStore, ScoreStore, TrendRecords {
  /** Makes it ready. Throws STORE_UNAVAILABLE where trying again may help, another code where the setup is wrong. */
  open(): Promise<void>
  /** Totals since the store was made; undefined where it keeps none (then only this process counts). */
  totals(): Promise<WriteTotals | undefined>
  /** Whether it answers now, for who does not write to it. Throws like `open`. */
  look(): Promise<void>
  /** Work of its own beside the writer, until `signal` aborts; only one process with a writer runs it. Never throws. */
  upkeep?(signal: AbortSignal): Promise<void>
}

/** `telemetry` of the configuration. */
export type TelemetryConfig = Config['telemetry']

/** Something an operator should know and mend, although the store works. */
export interface StoreNotice {
  readonly detail: string
  readonly remedy: string
}
export type OnNotice = (notice: StoreNotice) => void

export interface WriteTotals {
  readonly stored: number
  readonly duplicates: number
  readonly refused: number
}

/** Bounds of InfluxDB's nanoseconds in 64 bits, in ms; the same for all adapters, so that data can move. */
const maxTime = 9_223_372_036_000

/** Why a reading can go into no store; undefined when it can. */
export function refusal(batch: ReadingBatch, row: number): string | undefined {
  const time = batch.time[row]!
  if (!(Math.abs(time) < maxTime)) return `time ${time} cannot be stored`
  if (!batch.device[row]) return 'the device has no name'
  if (!batch.channels.some((values) => Number.isFinite(values[row]))) return 'no value to store'
  return undefined
}

/** Splits a batch into the rows that can be stored and refusals. */
export function admit(batch: ReadingBatch): { rows: number[]; refused: RefusedReading[] } {
  const rows: number[] = []
  const refused: RefusedReading[] = []
  for (let row = 0; row < batch.length; row++) {
    const detail = refusal(batch, row)
    if (detail === undefined) rows.push(row)
    else refused.push({ reading: readingAt(batch, row), reason: 'store_refused', detail })
  }
  return { rows, refused }
}

/** All readings of a batch, refused for one reason. */
export const refuseAll = (batch: ReadingBatch, detail: string): RefusedReading[] =>
  Array.from({ length: batch.length }, (_, row) => ({
    reading: readingAt(batch, row),
    reason: 'store_refused',
    detail,
  }))

export function readingAt(batch: ReadingBatch, row: number): Reading {
  return {
    device: batch.device[row]!,
    site: batch.site[row]!,
    assetType: batch.assetType,
    time: batch.time[row]!,
    receivedAt: batch.receivedAt[row]!,
    publishedAt: batch.publishedAt[row]!,
    seq: batch.seq[row]!,
    values: Float64Array.from(batch.channels, (values) => values[row]!),
  }
}

/** One stored row as the stores give it back. */
export interface StoredRow {
  readonly device: string
  readonly site: string
  readonly time: number
  readonly receivedAt: number
  /** One a channel, in the order of the catalogue; null or NaN where there is none. */
  readonly values: readonly (number | null)[]
}

export function batchOf(assetType: string, channels: number, rows: readonly StoredRow[]): ReadingBatch {
  return {
    assetType,
    length: rows.length,
    device: rows.map((row) => row.device),
    site: rows.map((row) => row.site),
    time: Float64Array.from(rows, (row) => row.time),
    receivedAt: Float64Array.from(rows, (row) => row.receivedAt),
    publishedAt: new Float64Array(rows.length).fill(Number.NaN),
    seq: new Float64Array(rows.length).fill(Number.NaN),
    channels: Array.from({ length: channels }, (_, c) =>
      Float64Array.from(rows, (row) => row.values[c] ?? Number.NaN),
    ),
  }
}

/** One batch of several of the same asset type. */
export function joinBatches(
  assetType: string,
  channels: number,
  batches: readonly ReadingBatch[],
): ReadingBatch {
  const column = (pick: (batch: ReadingBatch) => Float64Array) => joinColumns(batches.map(pick))
  return {
    assetType,
    length: batches.reduce((sum, { length }) => sum + length, 0),
    device: batches.flatMap(({ device }) => device),
    site: batches.flatMap(({ site }) => site),
    time: column(({ time }) => time),
    receivedAt: column(({ receivedAt }) => receivedAt),
    publishedAt: column(({ publishedAt }) => publishedAt),
    seq: column(({ seq }) => seq),
    channels: Array.from({ length: channels }, (_, c) => column((batch) => batch.channels[c]!)),
  }
}

export function joinColumns(columns: readonly Float64Array[]): Float64Array {
  const joined = new Float64Array(columns.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const column of columns) {
    joined.set(column, at)
    at += column.length
  }
  return joined
}

/** Every n-th of the rows so that about `limit` are left, the newest always among them. */
export function thin<T>(rows: readonly T[], limit: number): T[] {
  const stride = Math.max(1, Math.ceil(rows.length / Math.max(1, limit)))
  return rows.filter((_, i) => (rows.length - 1 - i) % stride === 0)
}

/** Names of an asset type's channels; none for an unknown one. */
export const channelsOf = (catalogue: Catalogue, assetType: string): string[] =>
  (catalogue.get(assetType)?.channels ?? []).map((channel) => channel.name)

/** Only what is kept of a score, whatever else the given object carries. */
export const scoreOf = (s: StoredScore): StoredScore => ({
  device: s.device,
  site: s.site,
  assetType: s.assetType,
  windowEnd: s.windowEnd,
  model: s.model,
  role: s.role,
  anomaly: s.anomaly,
  rul: { ...s.rul },
  failureProbability: s.failureProbability,
})

/** A score from a row of its fields, in the order of `series.score.fields`. */
export function scoreFromFields(
  key: Pick<StoredScore, 'device' | 'site' | 'assetType' | 'windowEnd' | 'model' | 'role'>,
  fields: readonly number[],
): StoredScore {
  const [anomaly, p05, p10, p50, p90, p95, failureProbability] = fields as ScoreFields
  return { ...key, anomaly, rul: { p05, p10, p50, p90, p95 }, failureProbability }
}

type ScoreFields = [number, number, number, number, number, number, number]
