import * as tf from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { ForewarnError } from '../../core/errors.ts'
import type { Matrix } from '../scoring/infer.ts'
import { Adam } from './adam.ts'
import {
  type Dropout,
  dropoutOf,
  type FlatNetwork,
  flatten,
  forward,
  tensorsOf,
  unflatten,
} from './layers.ts'
import { seededRandom, shuffle } from './random.ts'

export const rowsOf = (matrix: Matrix): number => matrix.data.length / matrix.width

export interface FitOptions {
  readonly epochs: number
  readonly batch: number
  /** Peak of the learning rate. */
  readonly rate: number
  /** Share of units dropped between layers while training. */
  readonly dropout: number
  readonly seed: number
  /** Called after each epoch with its mean loss. */
  readonly onEpoch?: ((epoch: number, loss: number) => void | Promise<void>) | undefined
}

/** Mean loss of a batch: [batch, outputs] against [batch, width of y]. */
export type Loss = (outputs: tf.Tensor2D, targets: tf.Tensor2D) => tf.Scalar

/** Linear warm-up over the first 3 % of steps, then half a cosine to zero. */
export function learningRate(step: number, steps: number, peak: number): number {
  const warmUp = Math.max(1, Math.round(0.03 * steps))
  if (step < warmUp) return (peak * (step + 1)) / warmUp
  return 0.5 * peak * (1 + Math.cos((Math.PI * (step - warmUp)) / Math.max(1, steps - warmUp)))
}

/**
 * Trains `model`, dense layers in sequence, in place. The same data, options and backend give the same weights. It runs its
 * whole schedule (decision 0030). Throws TRAINING_DIVERGED where the loss is no number any more.
 */
export async function fitNetwork(
  model: LayersModel,
  x: Matrix,
  y: Matrix,
  loss: Loss,
  options: FitOptions,
): Promise<void> {
  const random = seededRandom(options.seed)
  const order = Uint32Array.from({ length: rowsOf(x) }, (_, i) => i)
  const perEpoch = Math.ceil(order.length / options.batch)
  const network = flatten(model)
  const dropout = dropoutOf(options.dropout, random)
  const adam = new Adam(network.weights)
  for (let epoch = 0; epoch < options.epochs; epoch++) {
    shuffle(order, random)
    let total = 0
    for (let b = 0; b < perEpoch; b++) {
      const chosen = order.subarray(b * options.batch, (b + 1) * options.batch)
      const slope = slopeAt(network, gather(x, chosen), gather(y, chosen), loss, dropout)
      const done = epoch * perEpoch + b
      adam.step(slope.gradient, learningRate(done, options.epochs * perEpoch, options.rate))
      total += slope.loss
    }
    if (!Number.isFinite(total)) throw new ForewarnError('TRAINING_DIVERGED', { epoch: epoch + 1 })
    await options.onEpoch?.(epoch, total / perEpoch)
    await new Promise((resolve) => setImmediate(resolve))
  }
  unflatten(network, model)
}

/** Loss of a batch with its gradient by every weight; disposes `x` and `y`. */
function slopeAt(
  network: FlatNetwork,
  x: tf.Tensor2D,
  y: tf.Tensor2D,
  loss: Loss,
  dropout: Dropout,
): { loss: number; gradient: Float32Array } {
  const gradient = new Float32Array(network.weights.length)
  let lost = 0
  tf.tidy(() => {
    const { value, grads } = tf.valueAndGrads((...tensors) => loss(forward(network, tensors, x, dropout), y))(
      tensorsOf(network),
    )
    grads.forEach((part, i) => {
      gradient.set(part.dataSync(), network.places[i]!.start)
    })
    lost = value.dataSync()[0]!
  })
  tf.dispose([x, y])
  return { loss: lost, gradient }
}

function gather(matrix: Matrix, rows: Uint32Array): tf.Tensor2D {
  const data = new Float32Array(rows.length * matrix.width)
  rows.forEach((row, i) => {
    data.set(matrix.data.subarray(row * matrix.width, (row + 1) * matrix.width), i * matrix.width)
  })
  return tf.tensor2d(data, [rows.length, matrix.width])
}
