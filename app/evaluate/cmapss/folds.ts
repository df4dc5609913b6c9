import type { TrainingLife } from '../../../models/training/dataset.ts'
import { seededRandom, shuffle } from '../../../models/training/random.ts'

export const outerFolds = 5

/** Engines that are judged, and those that may train for it. */
export interface Fold {
  readonly tested: readonly TrainingLife[]
  readonly training: readonly TrainingLife[]
}

/** Whole engines in five folds at random, the same for every seed of training: so seeds can be averaged. */
export function foldsOf(lives: readonly TrainingLife[]): Fold[] {
  const order = shuffle(
    lives.map((_, i) => i),
    seededRandom(2008),
  )
  return Array.from({ length: outerFolds }, (_, fold) => {
    const tested = new Set(order.filter((_, place) => place % outerFolds === fold))
    return {
      tested: lives.filter((_, i) => tested.has(i)),
      training: lives.filter((_, i) => !tested.has(i)),
    }
  })
}
