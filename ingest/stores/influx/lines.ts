import type { StoredScore, TrendRecord } from '../../../core/ports.ts'
import type { ReadingBatch } from '../../../core/reading.ts'
import { series } from '../../../core/series.ts'

/** Line protocol: https://docs.influxdata.com/influxdb/v1/write_protocols/line_protocol_reference/ */

/** One reading on its way: row `row` of `batch`. */
export interface Point {
  readonly batch: ReadingBatch
  readonly row: number
  /** Whole ms. */
  readonly time: number
}

/** A backslash is no escape character of its own in tags, so that a name with one cannot be written faithfully. */
export const isWritableName = (name: string): boolean => name !== '' && !/[\\\p{Cc}]/u.test(name)

/** A tag's value as a line has it. */
export const escapeTag = (text: string): string => text.replace(/[,= ]/g, '\\$&')

/** Always a float: a number without the suffix `i` is one, `1e+21` included. */
const field = (name: string, value: number): string => `${name}=${value}`

export function scoreLine(s: StoredScore): string {
  const tags = [s.site, s.device, s.assetType, s.model, s.role].map(
    (text, i) => `${series.score.tags[i]}=${escapeTag(text)}`,
  )
  const { p05, p10, p50, p90, p95 } = s.rul
  const values = [s.anomaly, p05, p10, p50, p90, p95, s.failureProbability]
  const fields = values.map((value, i) => field(series.score.fields[i]!, value))
  return `${series.score.measurement},${tags.join(',')} ${fields.join(',')} ${Math.round(s.windowEnd)}`
}

/** A text field: quoted, its quotes and backslashes escaped; line feeds would end the line. */
const textField = (value: string) =>
  `"${value
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll(/[\r\n]+/g, ' ')}"`

/** Undefined where no field is left. */
export function recordLine({ measurement, tags, fields, time }: TrendRecord): string | undefined {
  const present = Object.entries(fields).flatMap(([name, value]) => {
    if (typeof value === 'string') return [`${name}=${textField(value)}`]
    return Number.isFinite(value) ? [field(name, value)] : []
  })
  if (present.length === 0) return undefined
  const key = Object.entries(tags)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `,${name}=${escapeTag(value)}`)
    .join('')
  return `${measurement}${key} ${present.join(',')} ${Math.round(time)}`
}
