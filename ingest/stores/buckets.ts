import type { TrendBucket } from '../../core/ports.ts'

/** Joins parts of buckets, in any order and as fine as they come, into whole ones of `bucketMs`, in order of time. */
export function mergeBuckets(parts: readonly TrendBucket[], bucketMs: number): TrendBucket[] {
  const merged = new Map<number, TrendBucket>()
  for (const part of parts) {
    const time = Math.floor(part.time / bucketMs) * bucketMs
    const known = merged.get(time)
    merged.set(time, known ? mergeTwo(known, part) : { ...part, time })
  }
  return [...merged.values()].sort((a, b) => a.time - b.time)
}

function mergeTwo(a: TrendBucket, b: TrendBucket): TrendBucket {
  const count = a.count + b.count
  // sums of the largest numbers would overflow
  const mean = a.mean * (a.count / count) + b.mean * (b.count / count)
  return { time: a.time, count, min: Math.min(a.min, b.min), max: Math.max(a.max, b.max), mean }
}
