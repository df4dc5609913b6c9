import type { ReadingBatch } from '../../core/reading.ts'
import type { Score } from '../../core/score.ts'

/** Windows that the main thread takes over in one piece without holding up devices; */
const windowsPerSlice = 500
/** so many states of devices are as much work as one window. */
const statesPerWindow = 8
const fewestReadings = 500
/** A query for the history of a few devices takes as long as one for many. */
const readingsWhileWarming = 4_000
/** Bounds what is read again after a crash. */
const mostReadings = 20_000

interface Took {
  readonly windows: number
  readonly states: number
  readonly warmed: number
}

/** How much is read at once: as much as makes a slice of windows that the main thread can take over in one piece. */
export class Pace {
  readings = 2_000

  /** The last slice: so many windows of it were scored, the states of so many devices are told, so many were warmed up. */
  took(batches: readonly ReadingBatch[], { windows, states, warmed }: Took): void {
    const readings = batches.reduce((sum, batch) => sum + batch.length, 0)
    const work = Math.max(1, windows + states / statesPerWindow)
    const fitting = Math.floor((readings * windowsPerSlice) / work)
    // At most twice as much as before: one slice says little of the next.
    const bounded = Math.max(fewestReadings, Math.min(mostReadings, 2 * this.readings, fitting))
    this.readings = warmed > 0 ? readingsWhileWarming : bounded
  }
}

/** The blocks in which the windows of these scores lie: they go to the other thread instead of being copied. */
export function windowMemory(scores: readonly Score[]): ArrayBuffer[] {
  const blocks = new Set<ArrayBuffer>()
  for (const { evidence } of scores) {
    blocks.add(evidence.window.buffer as ArrayBuffer)
    blocks.add(evidence.times.buffer as ArrayBuffer)
  }
  return [...blocks]
}
