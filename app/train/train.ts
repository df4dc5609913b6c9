import { join } from 'node:path'
import type { AssetType, Catalogue } from '../../core/catalogue.ts'
import { ForewarnError } from '../../core/errors.ts'
import type { DataSummary } from '../../models/training/prepare.ts'
import { type Recipe, recipeFor } from '../../models/training/recipes.ts'
import { disposeAsset, type OnProgress, trainAsset, writeAsset } from '../../models/training/trainAsset.ts'
import { readSource, type SourceOptions } from './sources.ts'
import { thinned } from './thinned.ts'

export interface TrainOptions extends SourceOptions {
  readonly catalogue: Catalogue
  readonly assetType: string
  /** Folder that gets `<asset type>/forecaster` and `<asset type>/autoencoder`. */
  readonly artifactsFolder: string
  /** Written into the manifests, ISO 8601. */
  readonly trainedAt: string
  /** How it is trained; that of the asset type where left out. */
  readonly recipe?: Recipe | undefined
}

export interface TrainResult {
  readonly assetType: string
  readonly folder: string
  /** Lives, or segments of them, that trained. */
  readonly lives: number
  readonly data: DataSummary
  readonly metrics: Readonly<Record<string, number>>
  readonly seconds: number
}

/** `forewarn train <assetType>`. Throws REQUEST_INVALID, DATA_FILE_INVALID, TRAINING_DATA_INVALID. */
export async function runTrain(options: TrainOptions, onProgress?: OnProgress): Promise<TrainResult> {
  const type = typeOf(options)
  const started = performance.now()
  const given = options.recipe ?? recipeFor(type)
  const { set, summary } = await readSource(type, given, options)
  const { recipe, notes } = thinned(given, summary.rows)
  const { seed, trainedAt } = options
  const trained = await trainAsset(type, set, { seed, trainedAt, recipe }, onProgress)
  const folder = join(options.artifactsFolder, type.name)
  await writeAsset(folder, trained)
  disposeAsset(trained)
  return {
    assetType: type.name,
    folder,
    lives: set.lives.length,
    data: { ...summary, notes: [...summary.notes, ...notes] },
    metrics: { ...trained.drafts.forecaster?.metrics, ...trained.drafts.autoencoder.metrics },
    seconds: (performance.now() - started) / 1000,
  }
}

function typeOf({ catalogue, assetType }: TrainOptions): AssetType {
  const type = catalogue.get(assetType)
  if (type) return type
  const problem = `there is no asset type ${assetType}, only ${[...catalogue.keys()].join(', ')}`
  throw new ForewarnError('REQUEST_INVALID', { problem })
}
