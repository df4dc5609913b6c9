import type { AssetType } from '../../core/catalogue.ts'
import type { NotScoredReason } from '../../core/score.ts'
import type { Manifest } from '../registry/manifest.ts'
import type { AlignedWindow } from '../windows/align.ts'

/** Share of a window's rows that may lie in a regime unlike training: a start or stop is no regime. */
const strangeShare = 0.1

/** A run of one value this many times as long as any in training is a stuck sensor, ... */
const runFactor = 3
/** ... but never fewer rows than this. */
const shortestRun = 8

export type Fitness = { readonly from: number } | { readonly reason: NotScoredReason }

/**
 * Whether a model may judge this window, and from which row on: after the last row in which an input was missing for too
 * long. Pure, so that a stream and a batch decide alike.
 */
export function fitnessOf(window: AlignedWindow, type: AssetType, manifest: Manifest): Fitness {
  const columnOf = (name: string) => type.channels.findIndex((c) => c.name === name)
  const { inputs, usage } = manifest.features
  const sensors = inputs.map(columnOf)
  const needed = [...sensors, ...manifest.settings.map((s) => columnOf(s.channel))]
  if (usage !== null) needed.push(columnOf(usage))
  const from = rowAfterHole(window, needed)
  if (window.rows - from < type.window.minimum) return { reason: 'gap' }
  const settings = manifest.settings.map((s) => ({ ...s, column: columnOf(s.channel) }))
  const strange = (row: number) =>
    settings.some(({ column, low, high }) => {
      const value = window.values[row * window.channels + column]!
      return value < low || value > high
    })
  if (isUnlike(window, from, strange)) return { reason: 'unlike_training' }
  const stuck = sensors.some(
    (column, i) => newestRun(window, column) >= Math.max(shortestRun, runFactor * manifest.longestRun[i]!),
  )
  return stuck ? { reason: 'stuck_channel' } : { from }
}

/** Row after the newest one where a needed channel has no value. */
function rowAfterHole(window: AlignedWindow, columns: readonly number[]): number {
  for (let row = window.rows - 1; row >= 0; row--)
    if (columns.some((column) => Number.isNaN(window.values[row * window.channels + column]))) return row + 1
  return 0
}

function isUnlike(window: AlignedWindow, from: number, strange: (row: number) => boolean): boolean {
  if (strange(window.rows - 1)) return true
  let count = 0
  for (let row = from; row < window.rows; row++) if (strange(row)) count += 1
  return count > strangeShare * (window.rows - from)
}

/** Readings in a row, newest first, with the same value; rows that were held do not count. */
function newestRun(window: AlignedWindow, column: number): number {
  const newest = window.values[(window.rows - 1) * window.channels + column]!
  let run = 0
  for (let row = window.rows - 1; row >= 0; row--) {
    if (window.values[row * window.channels + column] !== newest) break
    if (!window.held[row]) run += 1
  }
  return run
}
