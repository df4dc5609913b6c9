import type { AssetType } from '../../core/catalogue.ts'
import type { TrainingLife } from './dataset.ts'
import { fitDirections } from './directions.ts'
import type { Recipe } from './recipes.ts'
import { regimeOf } from './regimeOf.ts'
import type { FeatureShape } from './samples.ts'

/** What a recipe's forecaster looks at, with regime and directions as these lives show them. */
export function forecasterShape(
  type: AssetType,
  lives: readonly TrainingLife[],
  { inputs: names, forecaster }: Pick<Recipe, 'inputs' | 'forecaster'>,
): FeatureShape {
  const { smoothings, directions, usage, usageMayLack, history } = forecaster
  const inputs = [...names]
  const regime = regimeOf(type, lives, inputs)
  return {
    inputs,
    ...(directions ? { directions: fitDirections(type, lives, { inputs, regime }, directions) } : {}),
    smoothings: [...smoothings],
    usage,
    ...(usageMayLack ? { usageMayLack: true } : {}),
    ...(history ? { history: true } : {}),
    regime,
  }
}
