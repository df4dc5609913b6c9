import { initializers, type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'

/** Outputs of the forecaster: the mean, the median, and four distances from it. */
export const forecasterOutputs = 6

/** Shape of a dense network: what a manifest says of it. */
export interface DenseShape {
  readonly inputs: number
  readonly hidden: readonly number[]
  readonly outputs: number
}

/**
 * Forecaster of remaining useful life: [batch, inputs] to [batch, 6], in units of the cap. Outputs 0 and 1 are mean and
 * median; 2 to 5 become, through a softplus, the steps median-p10, p10-p05, p90-median, p95-p90, so that quantiles
 * cannot cross (see `scoring/quantiles.ts`).
 */
export function buildForecaster(
  shape: { inputs: number; hidden: readonly number[] },
  seed: number,
): LayersModel {
  return buildDense({ ...shape, outputs: forecasterOutputs }, 'relu', seed)
}

/** Dense layers with one activation, the last one linear; Glorot initialisation from the seed. */
export function buildDense(shape: DenseShape, activation: 'relu' | 'tanh', seed: number): LayersModel {
  const sizes = [...shape.hidden, shape.outputs]
  return sequential({
    layers: sizes.map((units, i) =>
      layers.dense({
        units,
        kernelInitializer: initializers.glorotUniform({ seed: seed * 31 + i + 1 }),
        ...(i === 0 ? { inputShape: [shape.inputs] } : {}),
        ...(i < sizes.length - 1 ? { activation } : {}),
      }),
    ),
  })
}
