import { join } from 'node:path'
import type { AssetType, Catalogue } from '../../core/catalogue.ts'
import { ForewarnError } from '../../core/errors.ts'
import { readEngines } from '../../edge/replay/cmapssFile.ts'
import { openBackend } from '../../models/backend.ts'
import {
  type Asked,
  ensembleOf,
  type Figures,
  type ForecasterParts,
  figures,
  type IntervalFigures,
  intervalFigures,
  type Prediction,
  pointFigures,
  predict,
} from '../../models/evaluation/benchmark.ts'
import { lifeOf, readRul } from '../../models/evaluation/cmapss.ts'
import { trainRidge } from '../../models/evaluation/ridge.ts'
import { cutTrials, lastCycleTrials, type Trial } from '../../models/evaluation/trials.ts'
import { loadArtifact } from '../../models/registry/artifact.ts'
import { conformalsOf } from '../../models/scoring/assetModel.ts'
import type { TrainingLife } from '../../models/training/dataset.ts'
import { baselineForecasts } from './baselines.ts'
import { type Protocol, protocols, shapeFor, trainProtocol, typeFor } from './cmapss/protocols.ts'

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
  /** Trains so many times, with `seed` and those after it; default 1. */
  readonly seeds?: number | undefined
  /** Folder of a trained `forecaster` to judge, instead of training anew. */
  readonly artifact?: string | undefined
  /** Also trains without age and under the strict protocol; default true. */
  readonly variants?: boolean | undefined
}

export type EvaluateProgress = (step: string, share: number) => void

/** Figures as means over the seeds, those of each seed, and those of the ensemble: the mean prediction of all seeds. */
export interface SeedFigures extends Figures, IntervalFigures {
  readonly seeds: readonly (Figures & IntervalFigures)[]
  readonly ensemble: Figures & IntervalFigures
}

export interface EvaluateResult extends SeedFigures {
  readonly model: string
  readonly trainedOn: number
  readonly predictions: number
  readonly seed: number
  readonly variants: Readonly<Record<string, SeedFigures>>
  readonly baselines: Readonly<Record<string, Figures>>
}

/**
 * `forewarn evaluate cmapss` on files: trains (or loads), predicts once a unit of the test file, or at random cuts. Throws
 * DATA_FILE_INVALID, REQUEST_INVALID, ARTIFACT_MISSING, ARTIFACT_DAMAGED.
 */
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
  const main = await mainJudged(type, lives, trialsOf(type), options, onProgress)
  const beside = options.variants === false || lives.length === 0 ? [] : protocols.filter((p) => !p.age)
  const side: Record<string, SeedFigures> = { [main.name]: main.figures }
  for (const protocol of beside) {
    const kind = typeFor(type, protocol)
    side[protocol.name] = await trainAndJudge(type, lives, trialsOf(kind), protocol, options, onProgress)
  }
  return {
    ...main.figures,
    model: main.name,
    trainedOn: lives.length,
    predictions: trialsOf(type).length,
    seed: options.seed,
    variants: side,
    baselines: lives.length === 0 ? {} : baselinesOf(type, lives, trialsOf),
  }
}

async function mainJudged(
  type: AssetType,
  lives: readonly TrainingLife[],
  trials: readonly Trial[],
  options: EvaluateOptions,
  onProgress?: EvaluateProgress,
): Promise<{ name: string; figures: SeedFigures }> {
  const [main] = protocols as [Protocol]
  if (options.artifact === undefined)
    return {
      name: main.name,
      figures: await trainAndJudge(type, lives, trials, main, options, onProgress),
    }
  const folder = join(options.artifact, 'forecaster')
  const { manifest, members, hash, dispose } = await loadArtifact(folder, type.name, 'forecaster')
  const predictions = ask(type, trials, {
    spec: manifest.features,
    members,
    ...conformalsOf(manifest),
  })
  dispose()
  return { name: `artifact ${hash.slice(0, 8)}`, figures: judgeSeeds(type, trials, [predictions]) }
}

/** Trains once a seed under a protocol. */
async function trainAndJudge(
  type: AssetType,
  lives: readonly TrainingLife[],
  trials: readonly Trial[],
  protocol: Protocol,
  { seed, seeds = 1 }: EvaluateOptions,
  onProgress?: EvaluateProgress,
): Promise<SeedFigures> {
  const predictions: Prediction[][] = []
  for (let i = 0; i < seeds; i++) {
    const parts = await trainProtocol(type, lives, protocol, { seed: seed + i, calibrated: true }, (share) =>
      onProgress?.(`${protocol.name}, seed ${seed + i}`, (i + share) / seeds),
    )
    predictions.push(ask(typeFor(type, protocol), trials, parts))
    for (const member of parts.members) member.dispose()
  }
  return judgeSeeds(type, trials, predictions)
}

const ask = (type: AssetType, trials: readonly Trial[], parts: ForecasterParts): Prediction[] =>
  predict(
    type,
    parts,
    trials.map((t) => t.window),
  )

/** Each figure as its mean over the seeds, and the figures of the seeds' mean prediction. */
export function judgeSeeds(
  { rulCap }: Pick<AssetType, 'rulCap'>,
  trials: readonly Asked[],
  seeds: readonly (readonly Prediction[])[],
): SeedFigures {
  const judge = (predictions: readonly Prediction[]) => ({
    ...figures(
      trials,
      predictions.map((p) => p.mean),
      rulCap,
    ),
    ...intervalFigures(trials, predictions, rulCap),
  })
  const each = seeds.map(judge)
  const mean = (of: (judged: Figures & IntervalFigures) => number) =>
    each.reduce((sum, judged) => sum + of(judged), 0) / each.length
  return {
    rmseCapped: mean((j) => j.rmseCapped),
    rmseRaw: mean((j) => j.rmseRaw),
    score: mean((j) => j.score),
    scoreRaw: mean((j) => j.scoreRaw),
    coverage90: mean((j) => j.coverage90),
    width90: mean((j) => j.width90),
    bands: each[0]!.bands,
    seeds: each,
    ensemble: judge(ensembleOf(seeds)),
  }
}

function baselinesOf(
  type: AssetType,
  lives: readonly TrainingLife[],
  trialsOf: (kind: AssetType) => Trial[],
): Record<string, Figures> {
  const [main, , strict] = protocols as [Protocol, Protocol, Protocol]
  const trials = trialsOf(type)
  const kind = typeFor(type, strict)
  // Ridge regression needs every feature of every window: no flags for what lacks.
  const { usageMayLack: _, history: __, ...shape } = shapeFor(type, lives, main)
  const simple = baselineForecasts(type, lives, trials)
  return {
    ridge: pointFigures(trials, trainRidge(type, lives, shape, 'linear'), type.rulCap),
    ridgeQuadratic: pointFigures(trials, trainRidge(type, lives, shape, 'quadratic'), type.rulCap),
    ridgeStrict: pointFigures(
      trialsOf(kind),
      trainRidge(kind, lives, shapeFor(type, lives, strict), 'linear'),
      type.rulCap,
    ),
    ageAlone: figures(trials, simple['age alone'], type.rulCap),
    predictTheMean: figures(trials, simple['predict the mean'], type.rulCap),
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
