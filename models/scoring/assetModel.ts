import { join } from 'node:path'
import type { AssetType } from '../../core/catalogue.ts'
import { ForewarnError } from '../../core/errors.ts'
import type { ForecastBasis, RulQuantiles } from '../../core/score.ts'
import type { Rows } from '../features/compute.ts'
import { normaliseInto } from '../features/normalise.ts'
import { compileTogether, type FeaturesOfAll } from '../features/shared.ts'
import { type Artifact, loadArtifact } from '../registry/artifact.ts'
import type { AutoencoderManifest, ForecasterManifest, Manifest } from '../registry/manifest.ts'
import { exists } from '../registry/verify.ts'
import { sha256 } from '../registry/weights.ts'
import type { AlignedWindow } from '../windows/align.ts'
import { anomalyStatistic, contributionsOf, scaledResidual, tailProbability } from './anomaly.ts'
import { calibrated } from './conformal.ts'
import { compileFitness, type Fitness, sameDemands } from './fitness.ts'
import { forecastWith, type Matrix, outputsOf } from './infer.ts'
import { suspectMode } from './modes.ts'
import { type Conformals, compileConformal } from './past.ts'
import { probabilityWithin } from './quantiles.ts'
import { compileTrend } from './trend/trendForecaster.ts'

/** A window that may be scored, with the first row that features may use. */
export interface FitWindow {
  readonly window: Rows
  readonly from: number
}

/** What the models say of one window. */
export interface Verdict {
  /** Point estimate of remaining life, held within [0, cap]. */
  readonly mean: number
  readonly rul: RulQuantiles
  readonly failureProbability: number
  readonly basis: ForecastBasis
  readonly anomaly: number
  readonly contributions: Readonly<Record<string, number>>
  /** Each input against healthy machines in the same regime, in their standard deviations, held within 10. */
  readonly deviations: Readonly<Record<string, number>>
  readonly suspectedMode: string
}

/** Forecaster and autoencoder of one asset type, ready to score. */
export interface AssetModel {
  /** Undefined where no failure was there to learn from: then the trend of the health index forecasts. */
  readonly forecaster: Artifact<ForecasterManifest> | undefined
  readonly autoencoder: Artifact<AutoencoderManifest>
  /** Identifies them together: scores carry it. */
  readonly hash: string
  fitness(window: AlignedWindow): Fitness
  /** Scores many windows at once; each comes out the same whatever it is batched with. */
  score(windows: readonly FitWindow[]): Verdict[]
  dispose(): void
}

/**
 * Loads `<folder>/autoencoder` and, where there is one, `<folder>/forecaster`. Throws ARTIFACT_MISSING where the
 * autoencoder is absent, ARTIFACT_DAMAGED where one is not whole.
 */
export async function loadAssetModel(folder: string, type: AssetType): Promise<AssetModel> {
  if (!(await exists(join(folder, 'autoencoder'))))
    throw new ForewarnError('ARTIFACT_MISSING', { kind: 'autoencoder', assetType: type.name })
  const forecaster = (await exists(join(folder, 'forecaster')))
    ? await loadArtifact(join(folder, 'forecaster'), type.name, 'forecaster')
    : undefined
  const autoencoder = await loadArtifact(join(folder, 'autoencoder'), type.name, 'autoencoder')
  for (const artifact of [forecaster, autoencoder])
    if (artifact) assertChannels(folder, type, artifact.manifest)
  return assemble(type, forecaster, autoencoder)
}

/** A catalogue that was edited after training may lack what the model needs. */
function assertChannels(folder: string, type: AssetType, { features, settings }: Manifest): void {
  const needed = [
    ...features.inputs,
    ...settings.map((s) => s.channel),
    ...(features.usage ? [features.usage] : []),
  ]
  const absent = needed.find((name) => !type.channels.some((c) => c.name === name))
  if (absent === undefined) return
  const problem = `it needs channel ${absent}, which the asset catalogue does not have`
  throw new ForewarnError('ARTIFACT_DAMAGED', { folder, problem, assetType: type.name })
}

function assemble(
  type: AssetType,
  forecaster: Artifact<ForecasterManifest> | undefined,
  autoencoder: Artifact<AutoencoderManifest>,
): AssetModel {
  const artifacts = forecaster ? [forecaster, autoencoder] : [autoencoder]
  const manifests = artifacts.map(({ manifest }) => manifest)
  const features = compileTogether(
    manifests.map((manifest) => manifest.features),
    type.channels.map((c) => c.name),
  )
  const trend = forecaster ? undefined : compileTrend(type, autoencoder)
  return {
    forecaster,
    autoencoder,
    hash: sha256(artifacts.map(({ hash }) => hash).join('')),
    fitness: fitnessFor(type, manifests),
    score(windows) {
      if (windows.length === 0) return []
      const matrices = prepare(windows, features, manifests)
      const deviations = deviate(autoencoder, matrices.at(-1)!)
      const forecasts = forecaster
        ? forecast(forecaster, matrices[0]!, windows, type)
        : trend!(
            windows,
            deviations.map(({ anomaly }) => anomaly),
          )
      return forecasts.map((life, i) => {
        const deviation = deviations[i]!
        const suspectedMode = suspectMode(deviation.deviations, deviation.anomaly, type.failureModes)
        return { ...life, ...deviation, suspectedMode }
      })
    },
    dispose() {
      for (const artifact of artifacts) artifact.dispose()
    },
  }
}

/** A window has to be fit for every model; the last one's answer, the autoencoder's, says from which row on. */
function fitnessFor(type: AssetType, manifests: readonly Manifest[]): (window: AlignedWindow) => Fitness {
  const [first, second] = manifests
  const last = compileFitness(type, second ?? first!)
  if (!second || sameDemands(type, first!, second)) return last
  const before = compileFitness(type, first!)
  return (window) => {
    const fitness = before(window)
    return 'reason' in fitness ? fitness : last(window)
  }
}

/** Normalised input vectors of all windows for each model. */
function prepare(
  windows: readonly FitWindow[],
  featuresOf: FeaturesOfAll,
  manifests: readonly Manifest[],
): Matrix[] {
  const matrices = manifests.map(({ features }) => {
    const width = features.normalisation.mean.length
    return { data: new Float32Array(windows.length * width), width }
  })
  windows.forEach(({ window, from }, row) => {
    const features = featuresOf(window, from)
    matrices.forEach(({ data, width }, m) => {
      normaliseInto(data, row * width, features[m]!, manifests[m]!.features.normalisation)
    })
  })
  return matrices
}

export const conformalsOf = (
  manifest: Pick<ForecasterManifest, 'calibration' | 'calibrationLate' | 'calibrationUnknown'>,
): Conformals => ({
  conformal: manifest.calibration,
  conformalLate: manifest.calibrationLate,
  conformalUnknown: manifest.calibrationUnknown,
})

function forecast(
  { members, manifest }: Artifact<ForecasterManifest>,
  x: Matrix,
  windows: readonly FitWindow[],
  type: AssetType,
) {
  const conformalFor = compileConformal(type, manifest.features, conformalsOf(manifest))
  return forecastWith(members, x, manifest.rulCap).map((f, i) => {
    const { window, from } = windows[i]!
    const rul = calibrated(f, conformalFor(window, from), manifest.rulCap)
    const mean = Math.max(0, Math.min(manifest.rulCap, f.mean))
    return { mean, rul, failureProbability: probabilityWithin(type.horizon, rul), basis: 'learned' as const }
  })
}

function deviate({ members, manifest }: Artifact<AutoencoderManifest>, x: Matrix) {
  const reconstruction = outputsOf(members[0]!, x)
  const { calibration, features } = manifest
  return Array.from({ length: x.data.length / x.width }, (_, row) => {
    const residual = scaledResidual(x.data, reconstruction, row * x.width, calibration.residualScale)
    const anomaly = tailProbability(anomalyStatistic(residual), calibration)
    // Told by the inputs and not by the residual, whose sign can be that of another channel's deviation.
    const own = Array.from(features.inputs, (_, i) => x.data[row * x.width + i]!)
    const deviations = Object.fromEntries(features.inputs.map((input, i) => [input, own[i]!]))
    return { anomaly, contributions: contributionsOf(features.inputs, own), deviations }
  })
}
