import * as tf from '@tensorflow/tfjs-core'
import { quantileLevels } from '../../core/score.ts'

const column = (outputs: tf.Tensor2D, i: number) => tf.slice(outputs, [0, i], [-1, 1])

/** Quantiles p05 to p95 as sums of the median and the four steps, in the order of the forecaster's outputs. */
const sums = [
  [1, 1, 1, 1, 1],
  [-1, -1, 0, 0, 0],
  [-1, 0, 0, 0, 0],
  [0, 0, 0, 1, 1],
  [0, 0, 0, 0, 1],
]

/**
 * Quantiles [batch, 5] from the forecaster's outputs, p05 to p95; the same formula as `scoring/quantiles.ts`, in
 * tensors so that its gradient is known.
 */
export function quantileTensor(outputs: tf.Tensor2D): tf.Tensor2D {
  const steps = tf.mul(tf.softplus(tf.slice(outputs, [0, 2], [-1, 4])), 0.1)
  return tf.matMul(tf.concat([column(outputs, 1), steps], 1) as tf.Tensor2D, tf.tensor2d(sums))
}

/** Pinball loss (Koenker & Bassett 1978), mean over the five levels. */
export function pinball(quantiles: tf.Tensor2D, target: tf.Tensor2D): tf.Scalar {
  const error = tf.sub(target, quantiles)
  const levels = tf.tensor2d([...quantileLevels], [1, quantileLevels.length])
  return tf.mean(tf.maximum(tf.mul(error, levels), tf.mul(error, tf.sub(levels, 1))))
}

/** Squared error of the mean head plus pinball loss of the quantile heads; the latter also steadies the former. */
export function forecasterLoss(outputs: tf.Tensor2D, target: tf.Tensor2D): tf.Scalar {
  const squared = tf.mean(tf.square(tf.sub(column(outputs, 0), target)))
  return tf.add(squared, pinball(quantileTensor(outputs), target)) as tf.Scalar
}

export const reconstructionLoss = (outputs: tf.Tensor2D, target: tf.Tensor2D): tf.Scalar =>
  tf.mean(tf.square(tf.sub(outputs, target))) as tf.Scalar
