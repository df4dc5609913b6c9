import { z } from 'zod'
import { carriedTables } from '../../../alerts/db/transfer.ts'
import { deadLetterReasons } from '../../../core/reading.ts'

/*
 * A backup is gzip'ed text, one JSON record a line: a header, records section by section in the order below, and a
 * closing line with what must have come before it. Binary is base64; columns of numbers are little-endian float64, which
 * carry "no value" (NaN) as well.
 */

export const format = 'forewarn-backup'
/** Of the archive; a reader refuses any other. */
export const formatVersion = 1

const base64 = z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/)
const number = z.number()
/** JSON has no NaN: it is null there. */
const maybe = number.nullable().transform((value) => value ?? Number.NaN)

const header = z.strictObject({
  kind: z.literal('header'),
  format: z.literal(format),
  version: z.literal(formatVersion),
  /** Version of forewarn that wrote it. */
  writtenBy: z.string(),
  writtenAt: z.iso.datetime(),
  /** Channels of each asset type, in the order of the columns. */
  assetTypes: z.record(z.string(), z.array(z.string())),
  /** Whether stored readings and scores are in it. */
  telemetry: z.boolean(),
})

const table = z.strictObject({
  kind: z.literal('table'),
  table: z
    .enum(carriedTables as [string, ...string[]])
    .transform((name) => name as (typeof carriedTables)[0]),
  rows: z.array(z.record(z.string(), z.unknown())),
})

/** Predictions that were tried in vain and kept as failed; their shape is the queue's own. */
const predictions = z.strictObject({
  kind: z.literal('predictions'),
  predictions: z.array(z.looseObject({ id: z.string().min(1) })),
})

/** A piece of a small file of the data folder; its pieces follow each other. */
const file = z.strictObject({
  kind: z.literal('file'),
  path: z.string().regex(/^(?!\/)(?!.*(^|\/)\.\.?(\/|$))[^\\\0]+$/, 'expected a path inside the data folder'),
  first: z.boolean(),
  data: base64,
})

const deadLetters = z.strictObject({
  kind: z.literal('deadLetters'),
  letters: z.array(
    z.strictObject({
      id: z.string(),
      at: number,
      reason: z.enum(Object.keys(deadLetterReasons) as [keyof typeof deadLetterReasons]),
      detail: z.string(),
      topic: z.string(),
      payload: base64,
      readings: number,
    }),
  ),
})

/** Readings side by side. `source`: those that the log still holds, or those that are stored. */
const readings = z.strictObject({
  kind: z.literal('readings'),
  source: z.enum(['log', 'store']),
  assetType: z.string(),
  length: z.int().positive(),
  /** Device and site, each pair once. */
  places: z.array(z.tuple([z.string(), z.string()])),
  /** Index of its place for each reading. */
  place: base64,
  time: base64,
  receivedAt: base64,
  publishedAt: base64,
  seq: base64,
  channels: z.array(base64),
})

const scores = z.strictObject({
  kind: z.literal('scores'),
  scores: z.array(
    z.strictObject({
      device: z.string(),
      site: z.string(),
      assetType: z.string(),
      windowEnd: number,
      model: z.string(),
      role: z.enum(['champion', 'challenger', 'edge']),
      anomaly: maybe,
      rul: z.strictObject({ p05: maybe, p10: maybe, p50: maybe, p90: maybe, p95: maybe }),
      failureProbability: maybe,
    }),
  ),
})

const counts = z.record(z.string(), z.int().nonnegative())

const end = z.strictObject({
  kind: z.literal('end'),
  counts,
  /** Of every byte before this line. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
})

export const recordSchema = z.discriminatedUnion('kind', [
  header,
  table,
  predictions,
  file,
  deadLetters,
  readings,
  scores,
  end,
])

export type BackupRecord = z.infer<typeof recordSchema>
export type RecordOf<K extends BackupRecord['kind']> = Extract<BackupRecord, { kind: K }>
export type Header = RecordOf<'header'>

/** What is in an archive: rows of each table, and the rest by its name. */
export type Counts = Readonly<Record<string, number>>

/** What a record adds to the counts. */
export function tally(record: BackupRecord): readonly [what: string, count: number] | undefined {
  if (record.kind === 'table') return [record.table, record.rows.length]
  if (record.kind === 'predictions') return ['predictions', record.predictions.length]
  if (record.kind === 'file') return ['files', record.first ? 1 : 0]
  if (record.kind === 'deadLetters') return ['deadLetters', record.letters.length]
  if (record.kind === 'readings') return [record.source === 'log' ? 'logged' : 'readings', record.length]
  if (record.kind === 'scores') return ['scores', record.scores.length]
  return undefined
}

/** Counts that records add up to. */
export class Tally {
  readonly counts: Record<string, number> = {}

  add(record: BackupRecord): void {
    const [what, count] = tally(record) ?? []
    if (what !== undefined) this.counts[what] = (this.counts[what] ?? 0) + count!
  }
}
