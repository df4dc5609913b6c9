import type { LayersModel } from '@tensorflow/tfjs-layers'
import { buildDense } from './forecaster.ts'

/**
 * Autoencoder of the healthy machine: [batch, inputs] to [batch, inputs] through a narrow middle. Tanh saturates, so
 * that a machine far from healthy is not reconstructed along with its fault.
 */
export function buildAutoencoder(
  shape: { inputs: number; hidden: readonly number[] },
  seed: number,
): LayersModel {
  return buildDense({ ...shape, outputs: shape.inputs }, 'tanh', seed)
}
