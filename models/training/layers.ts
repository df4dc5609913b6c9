import * as tf from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { Random } from './random.ts'

/** The weights of a network of dense layers, all in one array, and how to compute with them. */
export interface FlatNetwork {
  readonly weights: Float32Array
  /** Where each tensor stands in `weights`: kernel and bias of each layer in turn. */
  readonly places: readonly { readonly start: number; readonly shape: readonly number[] }[]
  /** One a layer. */
  readonly activations: readonly ('relu' | 'tanh' | 'linear')[]
}

export function flatten(model: LayersModel): FlatNetwork {
  const tensors = model.getWeights()
  const weights = new Float32Array(tensors.reduce((sum, t) => sum + t.size, 0))
  let start = 0
  const places = tensors.map((tensor) => {
    const place = { start, shape: tensor.shape }
    weights.set(tensor.dataSync(), start)
    start += tensor.size
    return place
  })
  const activations = model.layers.map(
    (layer) => layer.getConfig().activation as FlatNetwork['activations'][number],
  )
  return { weights, places, activations }
}

export const tensorsOf = ({ weights, places }: FlatNetwork): tf.Tensor[] =>
  places.map(({ start, shape }) => {
    const size = shape.reduce((product, n) => product * n, 1)
    // A copy: the backend may keep what it is given.
    return tf.tensor(weights.slice(start, start + size), shape as [number])
  })

/** Writes the weights back into the model they came from. */
export function unflatten(network: FlatNetwork, model: LayersModel): void {
  const tensors = tensorsOf(network)
  model.setWeights(tensors)
  tf.dispose(tensors)
}

/**
 * [batch, n] x [n, m] with a gradient of plain products: WebAssembly multiplies matrices fast only where neither of
 * them has to be read transposed, so that transposing them first is several times as fast.
 */
const product = tf.customGrad((...inputs) => {
  const [x, w, save] = inputs as [tf.Tensor2D, tf.Tensor2D, tf.GradSaveFunc]
  save([x, w])
  const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) => {
    const [kept, weights] = saved as [tf.Tensor2D, tf.Tensor2D]
    const slope = dy as tf.Tensor2D
    return [tf.matMul(slope, tf.transpose(weights)), tf.matMul(tf.transpose(kept), slope)]
  }
  return { value: tf.matMul(x, w), gradFunc }
})

/** Makes a mask of inverted dropout: 0, or what keeps the mean; undefined where nothing is dropped. */
export type Dropout = ((shape: readonly number[]) => tf.Tensor) | undefined

/**
 * Drops this share of units. Masks are cut at random places from some numbers of our own seeded stream, several times as
 * many as the largest mask has: drawing every mask anew would take a sixth of training.
 */
export function dropoutOf(share: number, random: Random): Dropout {
  if (share === 0) return undefined
  let pool = new Float32Array(0)
  return (shape) => {
    const [batch, units] = shape as [number, number]
    const size = batch * units
    if (pool.length < 8 * size) {
      pool = new Float32Array(16 * size)
      for (let i = 0; i < pool.length; i++) pool[i] = random() < share ? 0 : 1 / (1 - share)
    }
    const start = Math.floor(random() * (pool.length - size + 1))
    return tf.tensor2d(pool.slice(start, start + size), [batch, units])
  }
}

/** The network, with dropout between its layers. */
export function forward(
  { activations }: FlatNetwork,
  tensors: readonly tf.Tensor[],
  x: tf.Tensor,
  dropout?: Dropout,
): tf.Tensor2D {
  let h = x
  activations.forEach((activation, i) => {
    h = tf.add(product(h, tensors[2 * i]!), tensors[2 * i + 1]!)
    if (activation === 'relu') h = tf.relu(h)
    if (activation === 'tanh') h = tf.tanh(h)
    if (dropout && i < activations.length - 1) h = tf.mul(h, dropout(h.shape))
  })
  return h as tf.Tensor2D
}
