import type { Recipe } from '../../models/training/recipes.ts'

/** Windows of one model beyond which training only takes longer, and its features more memory than a machine has. */
const mostWindows = 200_000

/** The recipe with so many rows skipped between windows that `rows` slots give no more than can be held. */
export function thinned(recipe: Recipe, rows: number): { recipe: Recipe; notes: readonly string[] } {
  const step = (every: number) => Math.max(every, Math.ceil(rows / mostWindows))
  const forecaster = { ...recipe.forecaster, every: step(recipe.forecaster.every) }
  const autoencoder = { ...recipe.autoencoder, every: step(recipe.autoencoder.every) }
  if (forecaster.every === recipe.forecaster.every && autoencoder.every === recipe.autoencoder.every)
    return { recipe, notes: [] }
  const notes = [`There are ${rows} rows: a window is trained on every ${forecaster.every} rows.`]
  return { recipe: { ...recipe, forecaster, autoencoder }, notes }
}
