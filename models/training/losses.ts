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

/**
 * Truth minus prediction, [batch, n]. A second column of `target` marks truths that are only known to be at least so
 * much: what lies above such a bound is no error.
 */
function errorOf(predicted: tf.Tensor2D, target: tf.Tensor2D): tf.Tensor {
  const error = tf.sub(column(target, 0), predicted)
  if (target.shape[1] === 1) return error
  return tf.where(tf.cast(tf.tile(column(target, 1), [1, predicted.shape[1]]), 'bool'), tf.relu(error), error)
}

/** Pinball loss (Koenker & Bassett 1978), mean over the five levels; one-sided at a bound (Powell 1986). */
export function pinball(quantiles: tf.Tensor2D, target: tf.Tensor2D): tf.Scalar {
  const error = errorOf(quantiles, target)
  const levels = tf.tensor2d([...quantileLevels], [1, quantileLevels.length])
  return tf.mean(tf.maximum(tf.mul(error, levels), tf.mul(error, tf.sub(levels, 1))))
}

/** Squared error of the mean head plus pinball loss of the quantile heads; the latter also steadies the former. */
export function forecasterLoss(outputs: tf.Tensor2D, target: tf.Tensor2D): tf.Scalar {
  const squared = tf.mean(tf.square(errorOf(column(outputs, 0) as tf.Tensor2D, target)))
  return tf.add(squared, pinball(quantileTensor(outputs), target)) as tf.Scalar
}

export const reconstructionLoss = (outputs: tf.Tensor2D, target: tf.Tensor2D): tf.Scalar =>
  tf.mean(tf.square(tf.sub(outputs, target))) as tf.Scalar
