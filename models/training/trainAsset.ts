import { createHash } from 'node:crypto'
import { rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { AssetType } from '../../core/catalogue.ts'
import { openBackend } from '../backend.ts'
import { referenceOf } from '../drift/reference.ts'
import { forecasterMetrics } from '../evaluation/forecasterMetrics.ts'
import { type Draft, writeArtifact } from '../registry/artifact.ts'
import type { AutoencoderManifest, ForecasterManifest } from '../registry/manifest.ts'
import { exists } from '../registry/verify.ts'
import { leastSpreadOf, rowsToStick } from '../scoring/stuck.ts'
import { type TrainedAutoencoder, trainAutoencoder } from './autoencoder.ts'
import { slotsOf, type TrainingLife } from './dataset.ts'
import { type TrainedForecaster, trainForecaster } from './forecaster.ts'
import { forecasterShape } from './forecasterShape.ts'
import { type Recipe, recipeFor } from './recipes.ts'
import { regimeOf } from './regimeOf.ts'

export interface TrainingSet {
  /** Name for people, such as `train_FD001.txt, engines 1-80`. */
  readonly name: string
  readonly lives: readonly TrainingLife[]
}

/** How far a training run is: `share` 0 to 1 within the model of this `kind`. */
export interface TrainingProgress {
  readonly kind: 'forecaster' | 'autoencoder'
  readonly share: number
  readonly loss: number
}

export type OnProgress = (progress: TrainingProgress) => void | Promise<void>

export interface TrainedAsset {
  /** Undefined where no life failed: there is nothing to learn a remaining life from. */
  readonly forecaster: TrainedForecaster | undefined
  readonly autoencoder: TrainedAutoencoder
  readonly drafts: {
    readonly forecaster: Draft<ForecasterManifest> | undefined
    readonly autoencoder: Draft<AutoencoderManifest>
  }
}

/**
 * Trains both models of an asset type, or the autoencoder alone where no life failed; the same lives, seed and backend
 * give the same weights.
 */
export async function trainAsset(
  type: AssetType,
  set: TrainingSet,
  options: { seed: number; trainedAt: string; recipe?: Recipe | undefined },
  onProgress?: OnProgress,
): Promise<TrainedAsset> {
  await openBackend()
  const { seed, recipe = recipeFor(type) } = options
  const regime = regimeOf(type, set.lives, recipe.inputs)
  const inputs = [...recipe.inputs]
  const forecaster = set.lives.some(failed)
    ? await trainForecaster(
        type,
        set.lives,
        forecasterShape(type, set.lives, recipe),
        { ...recipe.forecaster, seed },
        (share, loss) => onProgress?.({ kind: 'forecaster', share, loss }),
      )
    : undefined
  const autoencoder = await trainAutoencoder(
    type,
    set.lives,
    { inputs, smoothings: [...recipe.autoencoder.smoothings], usage: null, regime },
    { ...recipe.autoencoder, seed },
    (share, loss) => onProgress?.({ kind: 'autoencoder', share, loss }),
  )
  const runs = inputs.map((name) => longestRun(type, set.lives, name))
  const common = {
    format: 1 as const,
    assetType: type.name,
    trainedAt: options.trainedAt,
    seed,
    data: describe(set),
    reference: referenceOf(type, set.lives),
    settings: settingRanges(type, set.lives),
    longestRun: runs,
    leastSpread: inputs.map((name, i) => leastSpread(type, set.lives, name, rowsToStick(runs[i]!))),
  }
  return {
    forecaster,
    autoencoder,
    drafts: {
      forecaster: forecaster && {
        ...common,
        kind: 'forecaster',
        metrics: forecasterMetrics(forecaster, type),
        features: forecaster.spec,
        architecture: {
          inputs: forecaster.spec.normalisation.mean.length,
          hidden: [...recipe.forecaster.hidden],
          members: forecaster.members.length,
        },
        rulCap: type.rulCap,
        calibration: forecaster.conformal,
        ...(forecaster.conformalLate ? { calibrationLate: forecaster.conformalLate } : {}),
        ...(forecaster.conformalUnknown ? { calibrationUnknown: forecaster.conformalUnknown } : {}),
      },
      autoencoder: {
        ...common,
        kind: 'autoencoder',
        metrics: { healthyDevicesHeldOut: autoencoder.heldOut.length },
        features: autoencoder.spec,
        architecture: {
          inputs: autoencoder.spec.normalisation.mean.length,
          hidden: [...recipe.autoencoder.hidden],
          members: 1,
        },
        calibration: autoencoder.calibration,
      },
    },
  }
}

/** A life whose end taught what a failure looks like. */
const failed = ({ rul, censored }: TrainingLife) => rul !== null && !censored

/**
 * Writes `<folder>/autoencoder` and, where one was trained, `<folder>/forecaster`, with `files` (name and text) beside them.
 * All of it is written to a folder of its own first and takes the place of the old one by its name: who is killed on the way
 * leaves the old one.
 */
export async function writeAsset(
  folder: string,
  { forecaster, autoencoder, drafts }: TrainedAsset,
  files: Readonly<Record<string, string>> = {},
): Promise<void> {
  const beside = (name: string) => join(dirname(folder), `.${basename(folder)}.${name}`)
  const [making, old] = [beside('making'), beside('old')]
  await rm(making, { recursive: true, force: true })
  if (forecaster && drafts.forecaster)
    await writeArtifact(join(making, 'forecaster'), drafts.forecaster, forecaster.members)
  await writeArtifact(join(making, 'autoencoder'), drafts.autoencoder, [autoencoder.model])
  for (const [name, text] of Object.entries(files)) await writeFile(join(making, name), text)
  await rm(old, { recursive: true, force: true })
  if (await exists(folder)) await rename(folder, old)
  await rename(making, folder)
  await rm(old, { recursive: true, force: true })
}

/** Frees the networks once they are written. */
export function disposeAsset({ forecaster, autoencoder }: TrainedAsset): void {
  for (const model of [...(forecaster?.members ?? []), autoencoder.model]) model.dispose()
}

const columnOf = (type: AssetType, name: string) => type.channels.findIndex((c) => c.name === name)

function describe({ name, lives }: TrainingSet) {
  const hash = createHash('sha256')
  for (const life of lives)
    for (const values of life.values)
      hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
  const rows = lives.reduce((sum, life) => sum + slotsOf(life), 0)
  return { name, sha256: hash.digest('hex'), devices: lives.length, rows }
}

/** What training saw of each setting, with half its range (or half a percent of its value) as a margin. */
function settingRanges(type: AssetType, lives: readonly TrainingLife[]) {
  return type.channels.flatMap(({ name, role }, c) => {
    if (role !== 'setting') return []
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    for (const life of lives)
      for (const value of life.values[c]!) [low, high] = [Math.min(low, value), Math.max(high, value)]
    const margin = 0.5 * (high - low) + 0.005 * Math.max(Math.abs(low), Math.abs(high))
    return [{ channel: name, low: low - margin, high: high + margin }]
  })
}

function longestRun(type: AssetType, lives: readonly TrainingLife[], name: string): number {
  let longest = 0
  for (const life of lives) {
    const values = life.values[columnOf(type, name)]!
    let run = 0
    for (let row = 0; row < values.length; row++) {
      run = row > 0 && values[row] === values[row - 1] ? run + 1 : 1
      if (run > longest) longest = run
    }
  }
  return longest
}

/** Of all lives; 0 where none is long enough to tell. */
function leastSpread(type: AssetType, lives: readonly TrainingLife[], name: string, rows: number): number {
  const column = columnOf(type, name)
  const least = lives.reduce(
    (sofar, life) => Math.min(sofar, leastSpreadOf(life.values[column]!, rows)),
    Number.POSITIVE_INFINITY,
  )
  return Number.isFinite(least) ? least : 0
}
