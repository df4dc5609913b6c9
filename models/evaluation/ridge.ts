import type { AssetType } from '../../core/catalogue.ts'
import { compileFeatures, type Rows } from '../features/compute.ts'
import { leastSquares } from '../features/leastSquares.ts'
import { fitNormalisation, normaliseInto } from '../features/normalise.ts'
import { featureCount } from '../features/spec.ts'
import type { TrainingLife } from '../training/dataset.ts'
import { collectSamples, type FeatureShape, matrixOf } from '../training/samples.ts'

/** Point forecasts of remaining life for windows, held within [0, cap]. */
export type PointForecaster = (windows: readonly Rows[]) => number[]

/** The common-sense baseline: ridge regression, linear or with all products, on the forecaster's own inputs. */
export function trainRidge(
  type: AssetType,
  lives: readonly TrainingLife[],
  shape: FeatureShape,
  order: 'linear' | 'quadratic',
): PointForecaster {
  const samples = collectSamples(type, lives, shape, order === 'linear' ? 1 : 4)
  const normalisation = fitNormalisation(samples.flatMap((s) => s.features))
  const expand = order === 'linear' ? withConstant : withProducts
  const rowsOf = (data: Float32Array) =>
    Array.from({ length: data.length / featureCount(shape) }, (_, i) =>
      expand(data.subarray(i * featureCount(shape), (i + 1) * featureCount(shape))),
    )
  const design = rowsOf(matrixOf(samples, { ...shape, normalisation }).data)
  const truth = samples.flatMap((s) => s.truth)
  const weights = leastSquares(design, truth, 1e-3)
  const features = compileFeatures(
    shape,
    type.channels.map((c) => c.name),
  )
  return (windows) =>
    windows.map((window) => {
      const row = new Float32Array(featureCount(shape))
      normaliseInto(row, 0, features(window), normalisation)
      const value = expand(row).reduce((sum, x, i) => sum + x * weights[i]!, 0)
      return Math.max(0, Math.min(type.rulCap, value))
    })
}

const withConstant = (x: Float32Array): number[] => [1, ...x]

function withProducts(x: Float32Array): number[] {
  const terms = withConstant(x)
  for (let a = 0; a < x.length; a++) for (let b = a; b < x.length; b++) terms.push(x[a]! * x[b]!)
  return terms
}
