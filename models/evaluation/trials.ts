import type { AssetType } from '../../core/catalogue.ts'
import type { Rows } from '../features/compute.ts'
import { lifeRows, slotsOf, type TrainingLife, windowAt } from '../training/dataset.ts'
import { seededRandom } from '../training/random.ts'
import { type View, wholeLife } from '../training/views.ts'

/** One prediction that is asked for: a window, and the remaining life at its end, not capped. */
export interface Trial {
  readonly id: string
  readonly window: Rows
  readonly truth: number
}

const trialAt = (
  type: AssetType,
  life: TrainingLife,
  rows: Float32Array,
  end: number,
  view: View = wholeLife(end),
): Trial => ({
  id: life.id,
  window: seen(type, windowAt(rows, type.channels.length, end, type.window.length, view.from), view),
  truth: life.rul![end]!,
})

/** The window as it is, or without its usage. */
function seen(type: AssetType, window: Rows, { usage }: View): Rows {
  const column = type.channels.findIndex((c) => c.role === 'usage')
  if (usage || column < 0) return window
  const values = window.values.slice()
  for (let row = 0; row < window.rows; row++) values[row * window.channels + column] = Number.NaN
  return { ...window, values }
}

/** The official protocol: one prediction a unit, at its last recorded cycle. */
export function lastCycleTrials(type: AssetType, lives: readonly TrainingLife[]): Trial[] {
  return lives.map((life) => trialAt(type, life, lifeRows(life), slotsOf(life) - 1))
}

/** Earliest cut: the window of the published protocol. */
const shortest = 30

/** What a trial shows of its life. */
export interface Shown {
  /** Rows before a random one are cut off, at least 30 are left. */
  readonly late: boolean
  readonly usage: boolean
}

/**
 * A test part made from whole lives: each cut at `cuts` random cycles, seeded, none before cycle 30. The same seed cuts
 * at the same cycles, whatever is shown.
 */
export function cutTrials(
  type: AssetType,
  lives: readonly TrainingLife[],
  cuts: number,
  seed: number,
  shown: Shown = { late: false, usage: true },
): Trial[] {
  const random = seededRandom(seed)
  const starts = seededRandom(seed + 1_000_003)
  return lives.flatMap((life) => {
    const rows = lifeRows(life)
    return Array.from({ length: cuts }, () => {
      const end = shortest - 1 + Math.floor(random() * (slotsOf(life) - shortest))
      const start = Math.floor(starts() * (end - shortest + 2))
      return trialAt(type, life, rows, end, { from: shown.late ? start : 0, usage: shown.usage })
    })
  })
}
