import type { RefusedReading } from '../../../core/ports.ts'
import type { DeadLetterReason } from '../../../core/reading.ts'
import { readingAt } from '../store.ts'
import { misconfigured, type WriteRefused } from './answers.ts'
import type { Point } from './lines.ts'

/** What to do about a request of which InfluxDB did not store everything. */
export type Verdict =
  /** These fields exist with another type: write all points without them, but those that are bad for another reason. */
  | { readonly kind: 'strip'; readonly fields: ReadonlyMap<string, string>; readonly bad: readonly Refusal[] }
  /** These points are refused for good. `restIsStored`: all others of the request are in the store. */
  | { readonly kind: 'drop'; readonly bad: readonly Refusal[]; readonly restIsStored: boolean }
  /** Nobody knows which: halves, down to the reading that it is about. */
  | { readonly kind: 'split'; readonly reason: DeadLetterReason; readonly detail: string }

export interface Refusal {
  readonly point: Point
  readonly reason: DeadLetterReason
  readonly detail: string
}

/** 3 names a hundred bad lines at the most, so that more of them may go unnamed. */
const mostNamed = 100

/** `sent`: the points of the request, one a line. `stripped`: fields that it left out. */
export function judge(
  error: WriteRefused,
  sent: readonly Point[],
  channels: readonly string[],
  stripped: ReadonlyMap<string, string>,
): Verdict {
  const named = judgeNamed(error, sent, channels, stripped)
  if (named) return named
  const field = conflictOf(error.message, channels)
  if (field !== undefined && !stripped.has(field)) {
    return { kind: 'strip', fields: new Map([[field, error.message]]), bad: [] }
  }
  const beyond = beyondRetention(error.message)
  if (beyond > 0) return { kind: 'drop', bad: oldest(sent, beyond, error.message), restIsStored: false }
  return { kind: 'split', reason: reasonOf(error.status, error.message), detail: error.message }
}

/** Undefined where it names no line that we sent. */
function judgeNamed(
  { status, lines }: WriteRefused,
  sent: readonly Point[],
  channels: readonly string[],
  stripped: ReadonlyMap<string, string>,
): Verdict | undefined {
  const fields = new Map<string, string>()
  const bad: Refusal[] = []
  for (const { number, message } of lines) {
    const field = conflictOf(message, channels)
    const point = sent[number - 1]
    if (field !== undefined && !stripped.has(field)) fields.set(field, message)
    else if (point) bad.push({ point, reason: reasonOf(status, message), detail: message })
  }
  if (fields.size > 0) return { kind: 'strip', fields, bad }
  return bad.length > 0 ? { kind: 'drop', bad, restIsStored: lines.length < mostNamed } : undefined
}

/** The channel whose type is in conflict. Throws STORE_MISCONFIGURED for a field or tag that no reading can do without. */
function conflictOf(message: string, channels: readonly string[]): string | undefined {
  const field =
    /field type conflict: input field "([^"]+)"/.exec(message)?.[1] ??
    /invalid column type for column '([^']+)'/.exec(message)?.[1]
  if (field === undefined || channels.includes(field)) return field
  throw misconfigured(message)
}

/**
 * Readings that retention dropped: 1.x `points beyond retention policy dropped=2`, 2.x `dropped 2 points outside
 * retention policy ... dropped=2`. Where the upper bound of 2.x is involved the oldest are not the ones.
 */
function beyondRetention(message: string): number {
  if (/Upper Bound/i.test(message)) return 0
  return Number(/(?:beyond|outside) retention policy.*dropped=(\d+)/s.exec(message)?.[1] ?? 0)
}

/** Retention drops what is older than its edge: the dropped points are the oldest ones. */
const oldest = (points: readonly Point[], n: number, detail: string): Refusal[] =>
  points
    .toSorted((a, b) => a.time - b.time)
    .slice(0, n)
    .map((point) => ({ point, reason: 'store_beyond_retention', detail }))

function reasonOf(status: number, message: string): DeadLetterReason {
  if (status === 413) return 'store_too_large'
  if (/retention policy/i.test(message)) return 'store_beyond_retention'
  if (/type conflict|invalid column type/i.test(message)) return 'store_type_conflict'
  // A limit of the server: max-values-per-tag, max-series-per-database.
  if (/partial write: (?!unable)/.test(message)) return 'store_refused'
  return 'store_unparsable'
}

/** 1.x quotes every line that it could not parse, however long. */
const mostDetail = 500
const shortened = (detail: string): string =>
  detail.length > mostDetail ? `${detail.slice(0, mostDetail)}...` : detail

export const refusedReading = ({ point, reason, detail }: Refusal): RefusedReading => ({
  reading: readingAt(point.batch, point.row),
  reason,
  detail: shortened(detail),
})

/** The values of a reading that went under with their fields: `partial` where others of it are stored. */
export function refusedValues(
  point: Point,
  channels: readonly string[],
  stripped: ReadonlyMap<string, string>,
): RefusedReading[] {
  const { batch, row } = point
  const lost = channels.filter((name, c) => stripped.has(name) && Number.isFinite(batch.channels[c]?.[row]))
  if (lost.length === 0) return []
  const refusal = { point, reason: 'store_type_conflict', detail: stripped.get(lost[0]!)! } as const
  const whole = refusedReading(refusal)
  const isLeft = channels.some((name, c) => !lost.includes(name) && Number.isFinite(batch.channels[c]?.[row]))
  if (!isLeft) return [whole]
  const values = whole.reading.values.map((value, c) => (lost.includes(channels[c]!) ? value : Number.NaN))
  return [{ ...whole, reading: { ...whole.reading, values }, partial: true }]
}
