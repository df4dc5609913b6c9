import * as tf from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { decodeEnsemble, type Forecast } from './quantiles.ts'

/** Rows of equal width, one after the other. */
export interface Matrix {
  readonly data: Float32Array
  readonly width: number
}

/** Raw outputs of a model for every row. Leaves no tensor behind. */
export function outputsOf(model: LayersModel, x: Matrix): Float32Array {
  let outputs = new Float32Array(0)
  // Not returned from the tidy, which would look for tensors in every number of it.
  tf.tidy(() => {
    const rows = x.data.length / x.width
    const tensor = model.apply(tf.tensor2d(x.data, [rows, x.width])) as tf.Tensor
    outputs = tensor.dataSync() as Float32Array<ArrayBuffer>
  })
  return outputs
}

/** The ensemble's forecast for every row: usage units, not calibrated. */
export function forecastWith(members: readonly LayersModel[], x: Matrix, cap: number): Forecast[] {
  const outputs = members.map((member) => outputsOf(member, x))
  const rows = x.data.length / x.width
  const width = outputs[0]!.length / rows
  return Array.from({ length: rows }, (_, row) => decodeEnsemble(outputs, row * width, cap))
}
