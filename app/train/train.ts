import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AssetType, Catalogue } from '../../core/catalogue.ts'
import { ForewarnError } from '../../core/errors.ts'
import type { DataSummary } from '../../models/training/prepare.ts'
import { type Recipe, recipeFor } from '../../models/training/recipes.ts'
import { disposeAsset, type OnProgress, trainAsset, writeAsset } from '../../models/training/trainAsset.ts'
import { curveCollector } from './report/curves.ts'
import { trainingReport } from './report/trainingReport.ts'
import { readSource, type SourceOptions } from './sources.ts'
import { thinned } from './thinned.ts'

export interface TrainOptions extends SourceOptions {
  readonly catalogue: Catalogue
  readonly assetType: string
  /** Folder that gets `<asset type>/forecaster` and `<asset type>/autoencoder`. */
  readonly artifactsFolder: string
  /** Written into the manifests, ISO 8601. */
  readonly trainedAt: string
  /** File that gets the report; `report.html` beside the artifacts where left out. */
  readonly report?: string | undefined
  /** How it is trained; that of the asset type where left out. */
  readonly recipe?: Recipe | undefined
}

export interface TrainResult {
  readonly assetType: string
  readonly folder: string
  /** The report's file. */
  readonly report: string
  /** Lives, or segments of them, that trained. */
  readonly lives: number
  readonly data: DataSummary
  readonly metrics: Readonly<Record<string, number>>
  readonly seconds: number
}

/**
 * `forewarn train <assetType>`. Throws REQUEST_INVALID, DATA_FILE_INVALID, DATA_FILE_UNREADABLE, TRAINING_DATA_INVALID, TRAINING_DIVERGED.
 */
export async function runTrain(options: TrainOptions, onProgress?: OnProgress): Promise<TrainResult> {
  const type = typeOf(options)
  const started = performance.now()
  const secondsSoFar = () => (performance.now() - started) / 1000
  const given = options.recipe ?? recipeFor(type)
  const { set, summary } = await readSource(type, given, options)
  const { recipe, notes } = thinned(given, summary.rows)
  const { seed, trainedAt } = options
  const epochs = { forecaster: recipe.forecaster.epochs, autoencoder: recipe.autoencoder.epochs }
  const collector = curveCollector(epochs, onProgress)
  const trained = await trainAsset(type, set, { seed, trainedAt, recipe }, collector.onProgress)
  const data = { ...summary, notes: [...summary.notes, ...notes] }
  const report = trainingReport({
    type,
    trained,
    recipe,
    lives: set.lives,
    data,
    curves: collector.curves(),
    seed,
    trainedAt,
    seconds: secondsSoFar(),
  })
  const folder = join(options.artifactsFolder, type.name)
  await writeAsset(folder, trained, options.report === undefined ? { [reportName]: report } : {})
  if (options.report !== undefined) await writeWhole(options.report, report)
  disposeAsset(trained)
  return {
    assetType: type.name,
    folder,
    report: options.report ?? join(folder, reportName),
    lives: set.lives.length,
    data,
    metrics: { ...trained.drafts.forecaster?.metrics, ...trained.drafts.autoencoder.metrics },
    seconds: secondsSoFar(),
  }
}

const reportName = 'report.html'

/** The file is there whole or not at all. */
async function writeWhole(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text)
  await rename(`${file}.new`, file)
}

function typeOf({ catalogue, assetType }: TrainOptions): AssetType {
  const type = catalogue.get(assetType)
  if (type) return type
  const problem = `there is no asset type ${assetType}, only ${[...catalogue.keys()].join(', ')}`
  throw new ForewarnError('REQUEST_INVALID', { problem })
}
