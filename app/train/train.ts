import { basename, join } from 'node:path'
import type { AssetType, Catalogue } from '../../core/catalogue.ts'
import { ForewarnError } from '../../core/errors.ts'
import { readEngines } from '../../edge/replay/cmapssFile.ts'
import { lifeOf } from '../../models/evaluation/cmapss.ts'
import {
  disposeAsset,
  type OnProgress,
  type TrainingSet,
  trainAsset,
  writeAsset,
} from '../../models/training/trainAsset.ts'
import { pumpLives } from './pumpLives.ts'

export interface TrainOptions {
  readonly catalogue: Catalogue
  readonly assetType: string
  /** A C-MAPSS file for `turbofan`; pumps are simulated. */
  readonly data?: string | undefined
  /** Units of the file that train, such as `1-80`; all where left out. */
  readonly units?: string | undefined
  readonly seed: number
  /** Folder that gets `<asset type>/forecaster` and `<asset type>/autoencoder`. */
  readonly artifactsFolder: string
  /** Written into the manifests, ISO 8601. */
  readonly trainedAt: string
}

export interface TrainResult {
  readonly assetType: string
  readonly folder: string
  readonly devices: number
  readonly metrics: Readonly<Record<string, number>>
  readonly seconds: number
}

/** `forewarn train <assetType>`. Throws DATA_FILE_INVALID, REQUEST_INVALID. */
export async function runTrain(options: TrainOptions, onProgress?: OnProgress): Promise<TrainResult> {
  const type = options.catalogue.get(options.assetType)
  if (!type)
    throw new ForewarnError('REQUEST_INVALID', { problem: `there is no asset type ${options.assetType}` })
  const started = performance.now()
  const set = await trainingSetFor(type, options)
  const trained = await trainAsset(
    type,
    set,
    { seed: options.seed, trainedAt: options.trainedAt },
    onProgress,
  )
  const folder = join(options.artifactsFolder, type.name)
  await writeAsset(folder, trained)
  disposeAsset(trained)
  return {
    assetType: type.name,
    folder,
    devices: set.lives.length,
    metrics: { ...trained.drafts.forecaster.metrics, ...trained.drafts.autoencoder.metrics },
    seconds: (performance.now() - started) / 1000,
  }
}

async function trainingSetFor(type: AssetType, { data, units, seed }: TrainOptions): Promise<TrainingSet> {
  if (type.name === 'pump') return { name: `simulated pumps, seed ${seed}`, lives: pumpLives(seed) }
  if (type.name !== 'turbofan')
    throw new ForewarnError('REQUEST_INVALID', {
      problem: `there is no reader of training data for ${type.name}`,
    })
  if (data === undefined)
    throw new ForewarnError('REQUEST_INVALID', { problem: 'training turbofan needs --data train_FD001.txt' })
  const engines = await readEngines(data, units)
  if (engines.length < 10)
    throw new ForewarnError('REQUEST_INVALID', {
      problem: `units ${units} of ${data} are ${engines.length} engines, 10 are needed`,
    })
  const name = units === undefined ? basename(data) : `${basename(data)}, units ${units}`
  return { name, lives: engines.map((engine) => lifeOf(engine)) }
}
