import { join } from 'node:path'
import type { AssetType, Catalogue } from '../../core/catalogue.ts'
import { ForewarnError } from '../../core/errors.ts'
import { readEngines } from '../../edge/replay/cmapssFile.ts'
import { openBackend } from '../../models/backend.ts'
import {
  type Figures,
  type ForecasterParts,
  figures,
  type IntervalFigures,
  intervalFigures,
  pointFigures,
  predict,
} from '../../models/evaluation/benchmark.ts'
import { lifeOf, readRul } from '../../models/evaluation/cmapss.ts'
import { trainRidge } from '../../models/evaluation/ridge.ts'
import { cutTrials, lastCycleTrials, type Trial } from '../../models/evaluation/trials.ts'
import { loadArtifact } from '../../models/registry/artifact.ts'
import type { TrainingLife } from '../../models/training/dataset.ts'
import { trainForecaster } from '../../models/training/forecaster.ts'
import { recipeFor } from '../../models/training/recipes.ts'
import { baselineFigures } from './baselines.ts'
import { strictType, type Variant, variants } from './variants.ts'

export interface EvaluateOptions {
  readonly catalogue: Catalogue
  /** Training file; its engines that are also tested never train. Not needed with `artifact` (but baselines are). */
  readonly train?: string | undefined
  /** Test file; with `cuts` the training file where left out. */
  readonly test?: string | undefined
  /** RUL file of the test file; with `cuts` not needed, since whole lives are cut. */
  readonly rul?: string | undefined
  /** Units of the test file that are tested; all where left out. */
  readonly units?: string | undefined
  /** Cuts each tested life at so many random cycles, instead of predicting at its last. */
  readonly cuts?: number | undefined
  readonly seed: number
  /** Folder of a trained `forecaster` to judge, instead of training anew. */
  readonly artifact?: string | undefined
  /** Also trains without age and under the strict protocol; default true. */
  readonly variants?: boolean | undefined
}

export type EvaluateProgress = (step: string, share: number) => void

export interface EvaluateResult extends Figures, IntervalFigures {
  readonly model: string
  readonly trainedOn: number
  readonly predictions: number
  readonly seed: number
  readonly variants: Readonly<Record<string, Figures & { coverage90: number }>>
  readonly baselines: Readonly<Record<string, Figures>>
}

/** `forewarn evaluate cmapss`. Throws DATA_FILE_INVALID, REQUEST_INVALID, ARTIFACT_MISSING, ARTIFACT_DAMAGED. */
export async function runEvaluate(
  options: EvaluateOptions,
  onProgress?: EvaluateProgress,
): Promise<EvaluateResult> {
  const type = options.catalogue.get('turbofan')
  if (!type) throw new ForewarnError('REQUEST_INVALID', { problem: 'the catalogue has no turbofan' })
  await openBackend()
  const tested = await testedLives(options)
  const lives = options.train === undefined ? [] : await trainingLives(options.train, tested)
  if (lives.length < 10 && options.artifact === undefined)
    throw new ForewarnError('REQUEST_INVALID', {
      problem: `${lives.length} engines are left to train on, 10 are needed`,
    })
  const trialsOf = (kind: AssetType) =>
    options.cuts === undefined
      ? lastCycleTrials(kind, tested)
      : cutTrials(kind, tested, options.cuts, options.seed)
  const main = await mainForecaster(type, lives, options, onProgress)
  const beside = options.variants === false || lives.length === 0 ? [] : variants
  const side: Record<string, Figures & { coverage90: number }> = {}
  side[main.variant] = judge(type, main.parts, trialsOf(type))
  for (const variant of beside) {
    const kind = variant.strict ? strictType(type) : type
    const parts = await trainVariant(kind, lives, variant, options.seed, onProgress)
    side[variant.name] = judge(kind, parts, trialsOf(kind))
    for (const member of parts.members) member.dispose()
  }
  const trials = trialsOf(type)
  const result = {
    ...judge(type, main.parts, trials),
    model: main.variant,
    trainedOn: lives.length,
    predictions: trials.length,
    seed: options.seed,
    variants: side,
    baselines:
      lives.length === 0 ? {} : baselinesOf(type, lives, main.parts, trials, trialsOf(strictType(type))),
  }
  for (const member of main.parts.members) member.dispose()
  return result
}

function judge(type: AssetType, parts: ForecasterParts, trials: readonly Trial[]): Figures & IntervalFigures {
  const predictions = predict(
    type,
    parts,
    trials.map((t) => t.window),
  )
  const points = predictions.map((p) => p.mean)
  return { ...figures(trials, points, type.rulCap), ...intervalFigures(trials, predictions, type.rulCap) }
}

async function mainForecaster(
  type: AssetType,
  lives: readonly TrainingLife[],
  { artifact, seed }: EvaluateOptions,
  onProgress?: EvaluateProgress,
): Promise<{ variant: string; parts: ForecasterParts }> {
  if (artifact === undefined)
    return {
      variant: 'withAge',
      parts: await trainVariant(type, lives, { name: 'withAge', age: true, strict: false }, seed, onProgress),
    }
  const { manifest, members, hash } = await loadArtifact(
    join(artifact, 'forecaster'),
    type.name,
    'forecaster',
  )
  return {
    variant: `artifact ${hash.slice(0, 8)}`,
    parts: { spec: manifest.features, members, conformal: manifest.calibration },
  }
}

function trainVariant(
  type: AssetType,
  lives: readonly TrainingLife[],
  variant: Variant,
  seed: number,
  onProgress?: EvaluateProgress,
): Promise<ForecasterParts> {
  const { inputs, forecaster } = recipeFor(type)
  const usage = variant.age ? forecaster.usage : null
  const shape = { inputs: [...inputs], smoothings: [...forecaster.smoothings], usage, regime: null }
  return trainForecaster(type, lives, shape, { ...forecaster, seed }, (share) =>
    onProgress?.(variant.name, share),
  )
}

function baselinesOf(
  type: AssetType,
  lives: readonly TrainingLife[],
  { spec }: ForecasterParts,
  trials: readonly Trial[],
  strictTrials: readonly Trial[],
): Record<string, Figures> {
  const { normalisation: _, ...shape } = spec
  const strict = strictType(type)
  return {
    ridge: pointFigures(trials, trainRidge(type, lives, shape, 'linear'), type.rulCap),
    ridgeQuadratic: pointFigures(trials, trainRidge(type, lives, shape, 'quadratic'), type.rulCap),
    ridgeStrict: pointFigures(
      strictTrials,
      trainRidge(strict, lives, { ...shape, usage: null }, 'linear'),
      type.rulCap,
    ),
    ...baselineFigures(type, lives, trials),
  }
}

async function testedLives({ test, train, rul, units, cuts }: EvaluateOptions): Promise<TrainingLife[]> {
  const file = test ?? (cuts === undefined ? undefined : train)
  if (file === undefined)
    throw new ForewarnError('REQUEST_INVALID', { problem: 'evaluating needs --test, or --cuts' })
  if (cuts === undefined && rul === undefined)
    throw new ForewarnError('REQUEST_INVALID', { problem: 'predicting at the last cycle needs --rul' })
  const engines = await readEngines(file, units)
  if (cuts !== undefined || rul === undefined) return engines.map((engine) => lifeOf(engine))
  const remaining = await readRul(rul)
  return engines.map((engine) => {
    const left = remaining[engine.unit - 1]
    if (left === undefined)
      throw new ForewarnError('DATA_FILE_INVALID', {
        file: rul,
        line: engine.unit,
        problem: `there is no line for unit ${engine.unit}`,
      })
    return lifeOf(engine, left)
  })
}

/** All engines of the training file but those that are tested, told by their first readings and not by number. */
async function trainingLives(file: string, tested: readonly TrainingLife[]): Promise<TrainingLife[]> {
  const print = (life: TrainingLife) => life.values.map((values) => values[0]).join(' ')
  const known = new Set(tested.map(print))
  return (await readEngines(file, undefined))
    .map((engine) => lifeOf(engine))
    .filter((life) => !known.has(print(life)))
}
