import { parseTime } from '../codec/time.ts'

/** How a payload writes a moment; `iso8601` with a zone, or without one where the mapping file names it. */
export const timeFormats = ['iso8601', 's', 'ms', 'us', 'ns'] as const
export type TimeFormat = (typeof timeFormats)[number]

const perMs: Readonly<Record<Exclude<TimeFormat, 'iso8601'>, number>> = { s: 1e-3, ms: 1, us: 1e3, ns: 1e6 }

const withZone = /(Z|[+-]\d{2}:?\d{2})$/

/** Whole ms since the epoch; NaN where the value is no moment of that format. Numbers may come as text. */
export function readTime(value: unknown, format: TimeFormat, zone: string | undefined): number {
  if (format === 'iso8601') {
    if (typeof value !== 'string') return Number.NaN
    const text = value.trim().replace(' ', 'T')
    return parseTime(zone === undefined || withZone.test(text) ? text : text + zone)
  }
  const count = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  // to the microsecond: a division may end just below the whole millisecond
  return typeof count === 'number' ? parseTime(Math.round((count / perMs[format]) * 1e3) / 1e3) : Number.NaN
}
