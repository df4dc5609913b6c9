import * as tf from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { Matrix } from '../scoring/infer.ts'
import { type Random, seededRandom, shuffle } from './random.ts'

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

/** Adam (Kingma & Ba 2015) whose learning rate follows a schedule. */
class ScheduledAdam extends tf.AdamOptimizer {
  set rate(value: number) {
    this.learningRate = value
  }
}

/** Linear warm-up over the first 3 % of steps, then half a cosine to zero. */
export function learningRate(step: number, steps: number, peak: number): number {
  const warmUp = Math.max(1, Math.round(0.03 * steps))
  if (step < warmUp) return (peak * (step + 1)) / warmUp
  return 0.5 * peak * (1 + Math.cos((Math.PI * (step - warmUp)) / Math.max(1, steps - warmUp)))
}

/** Trains `model` in place. The same data, options and backend give the same weights. */
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
  const optimizer = new ScheduledAdam(options.rate, 0.9, 0.999, 1e-7)
  for (let epoch = 0; epoch < options.epochs; epoch++) {
    shuffle(order, random)
    let total = 0
    for (let b = 0; b < perEpoch; b++) {
      optimizer.rate = learningRate(epoch * perEpoch + b, options.epochs * perEpoch, options.rate)
      const chosen = order.subarray(b * options.batch, (b + 1) * options.batch)
      const value = step(
        model,
        optimizer,
        gather(x, chosen),
        gather(y, chosen),
        loss,
        options.dropout,
        random,
      )
      // Reading the loss waits for nothing on WebAssembly, but costs a copy: a few batches tell enough.
      if (b % 8 === 0) total += value.dataSync()[0]!
      value.dispose()
    }
    await options.onEpoch?.(epoch, total / Math.ceil(perEpoch / 8))
    await new Promise((resolve) => setImmediate(resolve))
  }
  optimizer.dispose()
}

function step(
  model: LayersModel,
  optimizer: tf.AdamOptimizer,
  x: tf.Tensor2D,
  y: tf.Tensor2D,
  loss: Loss,
  dropout: number,
  random: Random,
): tf.Scalar {
  const value = optimizer.minimize(() => loss(forward(model, x, dropout, random), y), true)!
  x.dispose()
  y.dispose()
  return value
}

/** The network with inverted dropout between its layers; the mask comes from our own seeded stream. */
function forward(model: LayersModel, x: tf.Tensor2D, dropout: number, random: Random): tf.Tensor2D {
  let h: tf.Tensor = x
  model.layers.forEach((layer, i) => {
    h = layer.apply(h) as tf.Tensor
    if (dropout > 0 && i < model.layers.length - 1) h = tf.mul(h, mask(h.shape, dropout, random))
  })
  return h as tf.Tensor2D
}

function mask(shape: readonly number[], dropout: number, random: Random): tf.Tensor {
  const [batch, units] = shape as [number, number]
  const kept = Float32Array.from({ length: batch * units }, () =>
    random() < dropout ? 0 : 1 / (1 - dropout),
  )
  return tf.tensor2d(kept, [batch, units])
}

function gather(matrix: Matrix, rows: Uint32Array): tf.Tensor2D {
  const data = new Float32Array(rows.length * matrix.width)
  rows.forEach((row, i) => {
    data.set(matrix.data.subarray(row * matrix.width, (row + 1) * matrix.width), i * matrix.width)
  })
  return tf.tensor2d(data, [rows.length, matrix.width])
}
