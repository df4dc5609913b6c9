import * as tf from '@tensorflow/tfjs-core'
import { quantileLevels } from '../../core/score.ts'

const column = (outputs: tf.Tensor2D, i: number) => tf.slice(outputs, [0, i], [-1, 1])

/**
 * Quantiles [batch, 5] from the forecaster's outputs, p05 to p95; the same formula as `scoring/quantiles.ts`, in
 * tensors so that its gradient is known.
 */
export function quantileTensor(outputs: tf.Tensor2D): tf.Tensor2D {
  const step = (i: number) => tf.mul(tf.softplus(column(outputs, i)), 0.1)
  const p50 = column(outputs, 1)
  const p10 = tf.sub(p50, step(2))
  const p90 = tf.add(p50, step(4))
  return tf.concat([tf.sub(p10, step(3)), p10, p50, p90, tf.add(p90, step(5))], 1) as tf.Tensor2D
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
