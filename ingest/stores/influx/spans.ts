import { hourMs } from '../../../core/series.ts'
import type { Range } from '../hours.ts'
import { TooManyFiles } from './client.ts'
import { at } from './influxql.ts'

export const always: Range = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY }

/** The conditions of a range, each with ` AND ` in front. */
export const within = ({ from, to }: Range): string =>
  (from === Number.NEGATIVE_INFINITY ? '' : ` AND time >= ${at(Math.ceil(from))}`) +
  (to === Number.POSITIVE_INFINITY ? '' : ` AND time < ${at(Math.ceil(to))}`)

/** 3 Core reads about 72 hours of data at once; less where files were written out of order. */
export const spanMs = 48 * hourMs
/** How far back an open range is followed there: longer than `ingest.maxPastDays` is by default. */
const reachMs = 60 * 24 * hourMs

/**
 * Reads a range at once, which 1.x and 2.x always can; where 3 Core refuses so many files, in spans of two days, newest
 * first, until it is through or `isEnough`. Open ends are followed from a day ahead of `now` as far as `reach` says.
 * https://docs.influxdata.com/influxdb3/core/reference/config-options/#query-file-limit
 */
export async function inSpans<T>(
  range: Range,
  read: (range: Range) => Promise<T>,
  isEnough: (parts: readonly T[]) => boolean = () => false,
  now = Date.now(),
  reach: Reach = 'near',
): Promise<T[]> {
  try {
    return [await read(range)]
  } catch (error) {
    if (!(error instanceof TooManyFiles)) throw error
  }
  const parts: T[] = []
  let emptyMs = 0
  for (const span of reach === 'near' ? spansOf(range, now) : spansBack(range, now)) {
    const part = await read(span)
    parts.push(part)
    emptyMs = isEmpty(part) ? emptyMs + span.to - span.from : 0
    if (isEnough(parts) || emptyMs >= reachMs) break
  }
  return parts
}

/** `all`: as far back as there is something, a backup must not leave old readings out; `near`: 60 days. */
export type Reach = 'near' | 'all'

const isEmpty = (part: unknown): boolean => Array.isArray(part) && part.flat().length === 0

function* spansBack({ from, to }: Range, now: number): Generator<Range> {
  const end = Math.min(to, Math.max(now + 24 * hourMs, from))
  for (let high = end; high > from; high -= spanMs) yield { from: Math.max(from, high - spanMs), to: high }
}

/** Newest first. */
export function spansOf({ from, to }: Range, now: number): Range[] {
  const end = Math.min(to, Math.max(now + 24 * hourMs, from))
  const start = Math.max(from, end - reachMs)
  const spans: Range[] = []
  for (let high = end; high > start; high -= spanMs) {
    spans.push({ from: Math.max(start, high - spanMs), to: high })
  }
  return spans
}
