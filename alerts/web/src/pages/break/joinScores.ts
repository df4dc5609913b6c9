import type { StoredScore } from '../../api/types.ts'

/** Each window once, by time: kept scores may reach into the live ones. */
export function joinScores(
  past: readonly StoredScore[],
  live: readonly StoredScore[],
  spanMs: number,
): StoredScore[] {
  const byEnd = new Map([...past, ...live].map((s) => [s.windowEnd, s]))
  const sorted = [...byEnd.values()].sort((a, b) => a.windowEnd - b.windowEnd)
  const from = (sorted.at(-1)?.windowEnd ?? 0) - spanMs
  return sorted.filter((s) => s.windowEnd >= from)
}
