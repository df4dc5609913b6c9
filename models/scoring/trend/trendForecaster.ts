import type { AssetType } from '../../../core/catalogue.ts'
import { compileFeatures } from '../../features/compute.ts'
import { normaliseInto } from '../../features/normalise.ts'
import type { Artifact } from '../../registry/artifact.ts'
import type { AutoencoderManifest } from '../../registry/manifest.ts'
import { type AnomalyCalibration, anomalyStatistic, scaledResidual } from '../anomaly.ts'
import type { FitWindow, Verdict } from '../assetModel.ts'
import { outputsOf } from '../infer.ts'
import { fewestPoints, fitTrend, type HealthTrend } from './healthTrend.ts'
import { lifeWithoutHistory } from './lifeWithoutHistory.ts'

/** Most points of a window at which the health index is taken. */
const mostPoints = 8

/** A machine is taken to have failed at so many times the distance from healthy at which it is suspected. */
const limitFactor = 3

/** What takes the forecaster's place while no failure was seen. */
export type TrendForecaster = (
  windows: readonly FitWindow[],
  anomalies: readonly number[],
) => Pick<Verdict, 'mean' | 'rul' | 'failureProbability' | 'basis'>[]

/**
 * Tail probability at which a window is as likely from a faulty machine as from a healthy one: so that healthy machines
 * cross it `falseAlarms` times in 30 days.
 */
export const budgetOf = ({ cadenceMs, window, falseAlarms }: AssetType): number =>
  (falseAlarms * cadenceMs * window.stride) / (30 * 86_400_000)

/**
 * Remaining life from a window alone, by the trend of a health index: the logarithm of the distance from healthy, taken
 * at up to eight rows of the window from what it holds up to there.
 */
export function compileTrend(
  type: AssetType,
  { manifest, members }: Artifact<AutoencoderManifest>,
): TrendForecaster {
  const { features: spec, calibration } = manifest
  const features = compileFeatures(
    spec,
    type.channels.map((c) => c.name),
  )
  const width = spec.normalisation.mean.length
  const budget = budgetOf(type)
  const limit = Math.log(limitFactor * Math.sqrt(statisticAt(budget, calibration)))

  /** Health index at every point of every window, in one call of the network. */
  function indexes(points: readonly { window: FitWindow; rows: number }[]): number[] {
    const data = new Float32Array(points.length * width)
    points.forEach(({ window: { window, from }, rows }, i) => {
      normaliseInto(data, i * width, features({ ...window, rows }, from), spec.normalisation)
    })
    if (points.length === 0) return []
    const reconstruction = outputsOf(members[0]!, { data, width })
    return points.map((_, i) => {
      const residual = scaledResidual(data, reconstruction, i * width, calibration.residualScale)
      return 0.5 * Math.log(Math.max(1e-12, anomalyStatistic(residual)))
    })
  }

  return (windows, anomalies) => {
    const rows = windows.map((window) => pointRows(window, type.window.minimum))
    const index = indexes(windows.flatMap((window, i) => rows[i]!.map((r) => ({ window, rows: r }))))
    let at = 0
    return windows.map((_, i) => {
      const own = rows[i]!
      const trend = trendOf(own, index.slice(at, at + own.length), type)
      at += own.length
      const faulty = budget / (budget + anomalies[i]!)
      const life = lifeWithoutHistory({ faulty, trend, limit, horizon: type.horizon, cap: type.rulCap })
      return { ...life, mean: life.rul.p50, basis: 'trend' as const }
    })
  }
}

function trendOf(
  rows: readonly number[],
  index: readonly number[],
  type: AssetType,
): HealthTrend | undefined {
  if (rows.length < fewestPoints) return undefined
  return fitTrend(
    rows.map((row) => row * type.usage.perSlot),
    index,
  )
}

/** Evenly over the window: how many rows each point has behind it, from half of what a score needs to all. */
function pointRows({ window: { rows }, from }: FitWindow, minimum: number): number[] {
  const first = from + Math.ceil(minimum / 2)
  const count = Math.min(mostPoints, rows - first + 1)
  return Array.from({ length: Math.max(0, count) }, (_, i) =>
    Math.round(first + ((rows - first) * i) / Math.max(1, count - 1)),
  )
}

/** The statistic that a healthy machine exceeds with this probability; at most where the tail begins. */
const statisticAt = (probability: number, { tailFrom, tailShare, tailScale }: AnomalyCalibration): number =>
  tailFrom + tailScale * Math.max(0, Math.log(tailShare / probability))
