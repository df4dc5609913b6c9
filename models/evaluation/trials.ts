import type { AssetType } from '../../core/catalogue.ts'
import type { Rows } from '../features/compute.ts'
import { lifeRows, slotsOf, type TrainingLife, windowAt } from '../training/dataset.ts'
import { seededRandom } from '../training/random.ts'

/** One prediction that is asked for: a window, and the remaining life at its end, not capped. */
export interface Trial {
  readonly id: string
  readonly window: Rows
  readonly truth: number
}

const trialAt = (type: AssetType, life: TrainingLife, rows: Float32Array, end: number): Trial => ({
  id: life.id,
  window: windowAt(rows, type.channels.length, end, type.window.length),
  truth: life.rul![end]!,
})

/** The official protocol: one prediction a unit, at its last recorded cycle. */
export function lastCycleTrials(type: AssetType, lives: readonly TrainingLife[]): Trial[] {
  return lives.map((life) => trialAt(type, life, lifeRows(life), slotsOf(life) - 1))
}

/** Earliest cut: the window of the published protocol. */
const shortest = 30

/** A test part made from whole lives: each cut at `cuts` random cycles, seeded, none before cycle 30. */
export function cutTrials(
  type: AssetType,
  lives: readonly TrainingLife[],
  cuts: number,
  seed: number,
): Trial[] {
  const random = seededRandom(seed)
  return lives.flatMap((life) => {
    const rows = lifeRows(life)
    return Array.from({ length: cuts }, () => {
      const end = shortest - 1 + Math.floor(random() * (slotsOf(life) - shortest))
      return trialAt(type, life, rows, end)
    })
  })
}
