import type { AssetType } from '../../core/catalogue.ts'
import type { TelemetryStore } from '../../core/ports.ts'
import type { ReadingBatch } from '../../core/reading.ts'
import type { DeviceSeries } from '../../models/training/series.ts'

/** Readings in one query; some megabytes with a dozen channels. */
const pageRows = 20_000

/**
 * A device's stored readings in [since, until), ms, as columns. The port gives the newest rows before a time, so pages are
 * read backwards and put together in the end.
 */
export async function storedSeries(
  store: Pick<TelemetryStore, 'window'>,
  { name, channels }: AssetType,
  device: string,
  { since, until }: { readonly since: number; readonly until: number },
  rows = pageRows,
): Promise<DeviceSeries> {
  const pages: Page[] = []
  for (let last = until - 1; last >= since; ) {
    const batch = await store.window(name, device, last, rows)
    pages.push(pageOf(batch, since))
    if (batch.length < rows) break
    last = batch.time[0]! - 1
  }
  pages.reverse()
  return {
    device,
    times: joined(pages.map(({ times }) => times)),
    channels: channels.map((_, c) => joined(pages.map((page) => page.channels[c]!))),
    rul: null,
  }
}

/** Only the numbers of a batch: names and the rest of it need not stay in memory. */
interface Page {
  readonly times: Float64Array
  readonly channels: readonly Float64Array[]
}

function pageOf({ time, channels }: ReadingBatch, since: number): Page {
  const from = time.findIndex((t) => t >= since)
  if (from < 0) return { times: new Float64Array(0), channels: channels.map(() => new Float64Array(0)) }
  return { times: time.slice(from), channels: channels.map((column) => column.slice(from)) }
}

function joined(columns: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(columns.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const column of columns) {
    all.set(column, at)
    at += column.length
  }
  return all
}
