import type { ReadingBatch } from '../../core/reading.ts'
import type { Store } from '../../ingest/stores/store.ts'

/** Readings in one query; some megabytes with a dozen channels. */
const pageRows = 10_000
/** Beyond every time that a store takes, ms. */
export const endOfTime = 9_200_000_000_000

/**
 * Everything that is stored of a device, oldest first: written back in this order it is never late, and a store that has
 * to look for what it already has is spared the search. The port gives the newest rows before a time, so the pages are
 * walked backwards for their ends first.
 */
export async function* readingsOf(
  store: Pick<Store, 'window'>,
  assetType: string,
  device: string,
  rows = pageRows,
): AsyncGenerator<ReadingBatch> {
  const ends: number[] = []
  for (let until = endOfTime; ; ) {
    const page = await store.window(assetType, device, until, rows)
    if (page.length === 0) break
    // a device of few readings is asked once
    if (page.length < rows && ends.length === 0) {
      yield page
      return
    }
    ends.push(page.time[page.length - 1]!)
    if (page.length < rows) break
    until = page.time[0]! - 1
  }
  for (const until of ends.reverse()) yield await store.window(assetType, device, until, rows)
}
