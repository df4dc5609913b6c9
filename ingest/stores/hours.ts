import { hourMs } from '../../core/series.ts'

/** Event times from <= t < to, ms; infinite ends are open. */
export interface Range {
  readonly from: number
  readonly to: number
}

/** Start of the hour that a time lies in, ms. */
export const hourOf = (time: number): number => Math.floor(time / hourMs) * hourMs

const nextHour = (time: number): number => Math.ceil(time / hourMs) * hourMs

/** More stretches than this of one trend are read raw as fewer, longer ones. */
const mostRaw = 32

/**
 * Which part of a trend comes from hourly roll-ups and which from raw readings; together they are the range, and they
 * do not overlap. `rolledUntil`: end of the last hour that is rolled up; `missing`: whole hours before it whose roll-up
 * is missing or out of date. Buckets that are not of whole hours need raw readings throughout.
 */
export function splitTrend(
  range: Range,
  bucketMs: number,
  rolledUntil: number,
  missing: readonly Range[],
): { hourly: Range[]; raw: Range[] } {
  const from = nextHour(range.from)
  const to = Math.min(hourOf(range.to), rolledUntil)
  if (bucketMs % hourMs !== 0 || !(from < to)) return { hourly: [], raw: [range] }
  const edges = [
    { from: range.from, to: from },
    { from: to, to: range.to },
  ]
  const inside = missing.map((one) => ({ from: Math.max(one.from, from), to: Math.min(one.to, to) }))
  const raw = joinRanges([...edges, ...inside].filter(isSome), mostRaw)
  return { hourly: between(raw, range), raw }
}

const isSome = (range: Range): boolean => range.from < range.to

/** What `parts`, in order and apart, leave of a range. */
function between(parts: readonly Range[], { from, to }: Range): Range[] {
  const starts = [from, ...parts.map((part) => part.to)]
  const ends = [...parts.map((part) => part.from), to]
  return starts.map((start, i) => ({ from: start, to: ends[i]! })).filter(isSome)
}

/** In order of time, touching ones joined, and the nearest ones, too, while they are more than `most`. */
export function joinRanges(ranges: readonly Range[], most: number): Range[] {
  const sorted = ranges.toSorted((a, b) => a.from - b.from)
  const apart: { from: number; to: number }[] = []
  for (const range of sorted) {
    const last = apart.at(-1)
    if (last && range.from <= last.to) last.to = Math.max(last.to, range.to)
    else apart.push({ ...range })
  }
  if (apart.length <= most) return apart
  return joinAcross(apart, widestGaps(apart, most - 1))
}

/** Indices of the ranges before the widest gaps, which stay. */
function widestGaps(ranges: readonly Range[], most: number): Set<number> {
  const gaps = ranges.slice(1).map((range, i) => ({ i, width: range.from - ranges[i]!.to }))
  const widest = gaps.sort((a, b) => b.width - a.width).slice(0, most)
  return new Set(widest.map(({ i }) => i))
}

function joinAcross(ranges: readonly Range[], keep: ReadonlySet<number>): Range[] {
  const joined: Range[] = []
  let from = ranges[0]!.from
  ranges.forEach((range, i) => {
    if (!keep.has(i) && i < ranges.length - 1) return
    joined.push({ from, to: range.to })
    from = ranges[i + 1]?.from ?? range.to
  })
  return joined
}
