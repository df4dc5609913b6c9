import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { AssetType } from '../../core/catalogue.ts'
import type { RulQuantiles } from '../../core/score.ts'
import { compileFeatures, type Rows } from '../features/compute.ts'
import { normaliseInto } from '../features/normalise.ts'
import { type FeatureSpec, featureCount } from '../features/spec.ts'
import { calibrated } from '../scoring/conformal.ts'
import { forecastWith } from '../scoring/infer.ts'
import { type Conformals, compileConformal } from '../scoring/past.ts'
import { type Coverage, coverage90, phmScore, rmse } from './metrics.ts'
import type { PointForecaster } from './ridge.ts'
import type { Trial } from './trials.ts'

/** Figures of one forecaster on a test part. */
export interface Figures {
  /** RMSE with predicted and true remaining life held at the cap. */
  readonly rmseCapped: number
  /** RMSE against the uncapped truth. */
  readonly rmseRaw: number
  /** PHM08 score against the capped truth. */
  readonly score: number
  readonly scoreRaw: number
}

export interface IntervalFigures {
  /** Coverage of the nominal 90 % interval, truth held at the cap. */
  readonly coverage90: number
  readonly width90: number
  /** The same by true remaining life: below 30, 30 to 80, above 80. */
  readonly bands: Readonly<Record<'below30' | 'from30to80' | 'above80', Coverage>>
}

/** What the forecaster needs to predict, trained just now or loaded. */
export interface ForecasterParts extends Conformals {
  readonly spec: FeatureSpec
  readonly members: readonly LayersModel[]
}

export interface Prediction {
  /** Point estimate, held within [0, cap]. */
  readonly mean: number
  readonly rul: RulQuantiles
}

export function predict(type: AssetType, parts: ForecasterParts, windows: readonly Rows[]): Prediction[] {
  const width = featureCount(parts.spec)
  const data = new Float32Array(windows.length * width)
  const features = compileFeatures(
    parts.spec,
    type.channels.map((c) => c.name),
  )
  windows.forEach((window, i) => {
    normaliseInto(data, i * width, features(window), parts.spec.normalisation)
  })
  const conformalFor = compileConformal(type, parts.spec, parts)
  return forecastWith(parts.members, { data, width }, type.rulCap).map((forecast, i) => ({
    mean: Math.max(0, Math.min(type.rulCap, forecast.mean)),
    rul: calibrated(forecast, conformalFor(windows[i]!, 0), type.rulCap),
  }))
}

/** What a prediction is measured against: the remaining life, not capped. */
export type Asked = Pick<Trial, 'truth'>

export function figures(trials: readonly Asked[], predicted: readonly number[], cap: number): Figures {
  const raw = trials.map(({ truth }, i) => ({ predicted: predicted[i]!, truth }))
  const capped = raw.map((pair) => ({ ...pair, truth: Math.min(cap, pair.truth) }))
  return { rmseCapped: rmse(capped), rmseRaw: rmse(raw), score: phmScore(capped), scoreRaw: phmScore(raw) }
}

export function intervalFigures(
  trials: readonly Asked[],
  predictions: readonly Prediction[],
  cap: number,
): IntervalFigures {
  const pairs = trials.map(({ truth }, i) => ({ rul: predictions[i]!.rul, truth: Math.min(cap, truth) }))
  const within = (low: number, high: number) =>
    coverage90(pairs.filter(({ truth }) => truth >= low && truth < high))
  const all = coverage90(pairs)
  return {
    coverage90: all.coverage,
    width90: all.meanWidth,
    bands: {
      below30: within(0, 30),
      from30to80: within(30, 80),
      above80: within(80, Number.POSITIVE_INFINITY),
    },
  }
}

/** The ensemble's prediction: the mean of every figure over its members, which keeps the quantiles in order. */
export function ensembleOf(members: readonly (readonly Prediction[])[]): Prediction[] {
  return members[0]!.map((_, i) => {
    const each = members.map((predictions) => predictions[i]!)
    const mean = (of: (p: Prediction) => number) => each.reduce((sum, p) => sum + of(p), 0) / each.length
    return {
      mean: mean((p) => p.mean),
      rul: {
        p05: mean((p) => p.rul.p05),
        p10: mean((p) => p.rul.p10),
        p50: mean((p) => p.rul.p50),
        p90: mean((p) => p.rul.p90),
        p95: mean((p) => p.rul.p95),
      },
    }
  })
}

/** A baseline's figures. */
export const pointFigures = (trials: readonly Trial[], forecaster: PointForecaster, cap: number): Figures =>
  figures(trials, forecaster(trials.map((t) => t.window)), cap)
