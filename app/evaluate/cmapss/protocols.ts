import type { AssetType } from '../../../core/catalogue.ts'
import type { ForecasterParts } from '../../../models/evaluation/benchmark.ts'
import type { TrainingLife } from '../../../models/training/dataset.ts'
import { trainForecaster } from '../../../models/training/forecaster.ts'
import { forecasterShape } from '../../../models/training/forecasterShape.ts'
import { recipeFor } from '../../../models/training/recipes.ts'
import type { FeatureShape } from '../../../models/training/samples.ts'

/** What a forecaster may look at. All of them are printed side by side. */
export interface Protocol {
  readonly name: 'withAge' | 'withoutAge' | 'strict'
  readonly label: string
  /** Whether the machine's age is an input: it is in every file, but not in the published protocol. */
  readonly age: boolean
  /** The protocol of Li, Ding & Sun (2018): 14 sensors, the newest 30 cycles, nothing else. */
  readonly strict: boolean
}

export const protocols: readonly Protocol[] = [
  { name: 'withAge', label: 'with age, history of 128 cycles', age: true, strict: false },
  { name: 'withoutAge', label: 'without age, history of 128 cycles', age: false, strict: false },
  { name: 'strict', label: 'strict: 14 sensors, 30 cycles, no age', age: false, strict: true },
]

/** The asset type as a protocol sees it. */
export const typeFor = (type: AssetType, { strict }: Protocol): AssetType =>
  strict ? { ...type, window: { ...type.window, length: 30 } } : type

/**
 * Inputs of a protocol. Without age neither the length of the history is an input: where watching begins with the
 * machine's life the two are the same.
 */
export function shapeFor(type: AssetType, lives: readonly TrainingLife[], protocol: Protocol): FeatureShape {
  const recipe = recipeFor(type)
  const ageless = { ...recipe.forecaster, usage: null, usageMayLack: undefined, history: undefined }
  return forecasterShape(type, lives, protocol.age ? recipe : { ...recipe, forecaster: ageless })
}

/** Trains under a protocol; without `calibrated` only the network, for its point forecasts, in a fifth of the time. */
export function trainProtocol(
  type: AssetType,
  lives: readonly TrainingLife[],
  protocol: Protocol,
  options: { seed: number; calibrated: boolean },
  onProgress?: (share: number) => void,
): Promise<ForecasterParts> {
  const { forecaster } = recipeFor(type)
  const folds = options.calibrated ? forecaster.folds : 0
  const views = protocol.age ? forecaster.views : undefined
  return trainForecaster(
    typeFor(type, protocol),
    lives,
    shapeFor(type, lives, protocol),
    { ...forecaster, views, folds, seed: options.seed },
    onProgress,
  )
}
