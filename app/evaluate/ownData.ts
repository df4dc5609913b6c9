import { join } from 'node:path'
import type { AssetType } from '../../core/catalogue.ts'
import { ForewarnError } from '../../core/errors.ts'
import { openBackend } from '../../models/backend.ts'
import { type Figures, figures, predict } from '../../models/evaluation/benchmark.ts'
import { cutTrials } from '../../models/evaluation/trials.ts'
import { loadArtifact } from '../../models/registry/artifact.ts'
import { exists } from '../../models/registry/verify.ts'
import { conformalsOf } from '../../models/scoring/assetModel.ts'
import { slotsOf, type TrainingLife } from '../../models/training/dataset.ts'
import { judgeSeeds, type SeedFigures } from './evaluate.ts'

export interface OwnDataResult extends Omit<SeedFigures, 'seeds' | 'ensemble'> {
  readonly source: string
  readonly assetType: string
  /** Hash of the forecaster. */
  readonly model: string
  /** Lives that end in a failure, long enough to be cut. */
  readonly failures: number
  readonly predictions: number
  readonly baselines: Readonly<Record<string, Figures>>
}

/** Rows that a cut leaves at least, see `cutTrials`. */
const shortest = 30

/**
 * Judges a forecaster on a user's own run-to-failure lives, each cut at `cuts` random rows. The lives must not be those
 * that trained it. Throws REQUEST_INVALID, ARTIFACT_MISSING, ARTIFACT_DAMAGED.
 */
export async function judgeOwnData(
  type: AssetType,
  source: string,
  lives: readonly TrainingLife[],
  modelFolder: string,
  { cuts, seed }: { readonly cuts: number; readonly seed: number },
): Promise<OwnDataResult> {
  const failing = lives.filter((life) => life.rul !== null && !life.censored && slotsOf(life) > shortest)
  if (failing.length === 0)
    throw new ForewarnError('REQUEST_INVALID', {
      problem: `no life in ${source} ends in a failure after more than ${shortest} readings: there is nothing to hold forecasts against`,
    })
  await openBackend()
  const folder = join(modelFolder, 'forecaster')
  if (!(await exists(folder)))
    throw new ForewarnError('ARTIFACT_MISSING', { kind: 'forecaster', assetType: type.name })
  const { manifest, members, hash, dispose } = await loadArtifact(folder, type.name, 'forecaster')
  const trials = cutTrials(type, failing, cuts, seed)
  const parts = { spec: manifest.features, members, ...conformalsOf(manifest) }
  const predictions = predict(
    type,
    parts,
    trials.map(({ window }) => window),
  )
  dispose()
  const { seeds: _, ensemble: __, ...judged } = judgeSeeds(type, trials, [predictions])
  const capped = trials.map(({ truth }) => Math.min(type.rulCap, truth))
  const mean = capped.reduce((sum, truth) => sum + truth, 0) / capped.length
  const always = (value: number) =>
    figures(
      trials,
      trials.map(() => value),
      type.rulCap,
    )
  return {
    source,
    assetType: type.name,
    model: hash,
    failures: failing.length,
    predictions: trials.length,
    ...judged,
    baselines: { 'always their own mean': always(mean), 'always the cap': always(type.rulCap) },
  }
}
