import type { AssetType, Catalogue } from '../../core/catalogue.ts'
import type { RefusedReading, StoredScore, WriteResult } from '../../core/ports.ts'
import type { ReadingBatch } from '../../core/reading.ts'
import {
  admit,
  batchOf,
  channelsOf,
  readingAt,
  refuseAll,
  type Store,
  type StoredRow,
  scoreOf,
  thin,
} from './store.ts'

type Rows = Map<number, StoredRow>

/** Keeps everything in the heap: for tests and for trying things out (`memory:`). Remembers no position. */
export function createMemoryStore(catalogue: Catalogue): Store {
  /** By asset type, device and time. */
  const readings = new Map<string, Map<string, Rows>>()
  const scores = new Map<string, StoredScore>()

  const rowsOf = (assetType: string, device: string) => readings.get(assetType)?.get(device)

  function put(batch: ReadingBatch, type: AssetType, row: number): boolean {
    const reading = readingAt(batch, row)
    const devices = within(readings, batch.assetType, () => new Map<string, Rows>())
    const rows = within(devices, reading.device, (): Rows => new Map())
    const time = Math.round(reading.time)
    const isNew = !rows.has(time)
    const values = type.channels.map((_, c) =>
      Number.isFinite(reading.values[c]) ? reading.values[c]! : null,
    )
    rows.set(time, { ...reading, time, values })
    return isNew
  }

  function newestOf(assetType: string, device: string, until: number, rows: number): StoredRow[] {
    const sorted = [...(rowsOf(assetType, device)?.values() ?? [])]
      .filter((row) => row.time <= until)
      .sort((a, b) => a.time - b.time)
    return rows > 0 ? sorted.slice(-rows) : []
  }

  return {
    async open() {},
    async totals() {
      return undefined
    },
    async cursor() {
      return undefined
    },
    async look() {},
    async close() {},

    async write(batches): Promise<WriteResult> {
      const refused: RefusedReading[] = []
      let stored = 0
      let duplicates = 0
      for (const batch of batches) {
        const type = catalogue.get(batch.assetType)
        if (!type) {
          refused.push(...refuseAll(batch, `the catalogue has no asset type ${batch.assetType}`))
          continue
        }
        const admitted = admit(batch)
        refused.push(...admitted.refused)
        for (const row of admitted.rows) put(batch, type, row) ? stored++ : duplicates++
      }
      return { stored, duplicates, refused }
    },

    async window(assetType, device, until, rows) {
      return batchOf(
        assetType,
        channelsOf(catalogue, assetType).length,
        newestOf(assetType, device, until, rows),
      )
    },

    async windows(assetType, wanted, rows) {
      const found = wanted.flatMap(({ device, until }) => newestOf(assetType, device, until, rows))
      return batchOf(assetType, channelsOf(catalogue, assetType).length, found)
    },

    async trend(assetType, device, channel, from, to, bucketMs) {
      const c = channelsOf(catalogue, assetType).indexOf(channel)
      const sums = new Map<number, Sum>()
      for (const row of rowsOf(assetType, device)?.values() ?? []) {
        const value = row.values[c] ?? null
        if (value === null || row.time < from || row.time >= to) continue
        addTo(within(sums, Math.floor(row.time / bucketMs) * bucketMs, emptySum), value)
      }
      return [...sums]
        .sort(([a], [b]) => a - b)
        .map(([time, { count, min, max, sum }]) => ({ time, count, min, max, mean: sum / count }))
    },

    async latest(assetType) {
      const rows = [...(readings.get(assetType)?.values() ?? [])].map(newest)
      return batchOf(assetType, channelsOf(catalogue, assetType).length, rows)
    },

    async devices(assetType) {
      return [...(readings.get(assetType)?.values() ?? [])]
        .map(newest)
        .map(({ device, site }) => ({ device, site }))
    },

    async counts(assetType) {
      return new Map([...(readings.get(assetType) ?? [])].map(([device, rows]) => [device, rows.size]))
    },

    async writeScores(batch) {
      for (const s of batch) {
        scores.set([s.assetType, s.device, s.windowEnd, s.model, s.role].join('\n'), scoreOf(s))
      }
    },

    async scores(assetType, device, from, to, limit = 2000, role = undefined) {
      const found = [...scores.values()].filter(
        (s) =>
          s.assetType === assetType &&
          s.device === device &&
          s.windowEnd >= from &&
          s.windowEnd < to &&
          (role === undefined || s.role === role),
      )
      return thin(
        found.sort((a, b) => a.windowEnd - b.windowEnd),
        limit,
      )
    },

    // nobody explores the memory's trends
    async record() {},
    async scoreCount() {
      return scores.size
    },
  }
}

function newest(rows: Rows): StoredRow {
  let last = Number.NEGATIVE_INFINITY
  for (const time of rows.keys()) if (time > last) last = time
  return rows.get(last)!
}

interface Sum {
  count: number
  min: number
  max: number
  sum: number
}

const emptySum = (): Sum => ({
  count: 0,
  min: Number.POSITIVE_INFINITY,
  max: Number.NEGATIVE_INFINITY,
  sum: 0,
})

function addTo(bucket: Sum, value: number): void {
  bucket.count++
  bucket.sum += value
  if (value < bucket.min) bucket.min = value
  if (value > bucket.max) bucket.max = value
}

function within<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key)
  if (value === undefined) {
    value = make()
    map.set(key, value)
  }
  return value
}
