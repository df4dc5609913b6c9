import type { AssetType } from '../../core/catalogue.ts'
import type { NotScoredReason } from '../../core/score.ts'
import type { Manifest } from '../registry/manifest.ts'
import type { AlignedWindow } from '../windows/align.ts'
import { isStuck, type StuckLimits, stuckLimits } from './stuck.ts'

/** Share of a window's rows that may lie in a regime unlike training: a start or stop is no regime. */
const strangeShare = 0.1

export type Fitness = { readonly from: number } | { readonly reason: NotScoredReason }

/** What a window has to bring for a model, by column. */
interface Demands {
  readonly minimum: number
  /** Channels that may not be missing. */
  readonly needed: readonly number[]
  readonly settings: readonly { readonly column: number; readonly low: number; readonly high: number }[]
  /** Channels that have to move as a sensor does. */
  readonly sensors: readonly { readonly column: number; readonly limits: StuckLimits }[]
}

/**
 * Whether a model may judge a window, and from which row on: after the last row in which an input was missing for too
 * long. Pure, so that a stream and a batch decide alike.
 */
export function compileFitness(type: AssetType, manifest: Manifest): (window: AlignedWindow) => Fitness {
  const demands = demandsOf(type, manifest)
  return (window) => {
    const from = rowAfterHole(window, demands.needed)
    if (window.rows - from < demands.minimum) return { reason: 'gap' }
    if (isUnlike(window, from, demands.settings)) return { reason: 'unlike_training' }
    const stuck = demands.sensors.some(({ column, limits }) => isStuck(window, column, limits))
    return stuck ? { reason: 'stuck_channel' } : { from }
  }
}

/** Whether two models ask the same of a window: then one answer does for both. */
export const sameDemands = (type: AssetType, one: Manifest, other: Manifest): boolean =>
  JSON.stringify(demandsOf(type, one)) === JSON.stringify(demandsOf(type, other))

function demandsOf(type: AssetType, { features, settings, longestRun, leastSpread }: Manifest): Demands {
  const columnOf = (name: string) => type.channels.findIndex((c) => c.name === name)
  const sensors = features.inputs.map(columnOf)
  const needed = [...sensors, ...settings.map((s) => columnOf(s.channel))]
  if (features.usage !== null && !features.usageMayLack) needed.push(columnOf(features.usage))
  return {
    minimum: type.window.minimum,
    needed,
    settings: settings.map(({ channel, low, high }) => ({ column: columnOf(channel), low, high })),
    sensors: sensors.map((column, i) => ({
      column,
      limits: stuckLimits(longestRun[i]!, leastSpread?.[i]),
    })),
  }
}

/** Row after the newest one where a needed channel has no value. */
function rowAfterHole({ values, rows, channels }: AlignedWindow, columns: readonly number[]): number {
  for (let row = rows - 1; row >= 0; row--)
    for (let i = 0; i < columns.length; i++)
      if (Number.isNaN(values[row * channels + columns[i]!])) return row + 1
  return 0
}

function isUnlike(window: AlignedWindow, from: number, settings: Demands['settings']): boolean {
  if (isStrange(window, window.rows - 1, settings)) return true
  let count = 0
  for (let row = from; row < window.rows; row++) if (isStrange(window, row, settings)) count += 1
  return count > strangeShare * (window.rows - from)
}

function isStrange({ values, channels }: AlignedWindow, row: number, settings: Demands['settings']): boolean {
  for (let i = 0; i < settings.length; i++) {
    const { column, low, high } = settings[i]!
    const value = values[row * channels + column]!
    if (value < low || value > high) return true
  }
  return false
}
