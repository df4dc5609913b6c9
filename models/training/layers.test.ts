import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { buildForecaster } from '../architectures/forecaster.ts'
import { openBackend } from '../backend.ts'
import { Adam } from './adam.ts'
import { dropoutOf, flatten, forward, tensorsOf, unflatten } from './layers.ts'
import { seededRandom } from './random.ts'

beforeAll(() => openBackend())

describe('a network as one array of weights', () => {
  it('computes what the model computes, and goes back into it', () => {
    const model = buildForecaster({ inputs: 3, hidden: [5, 4] }, 2)
    const network = flatten(model)
    const x = tf.tensor2d([1, -2, 3, 0.5, 0, -1], [2, 3])
    const ours = forward(network, tensorsOf(network), x)
    const theirs = model.apply(x) as tf.Tensor
    ;[...theirs.dataSync()].forEach((value, i) => {
      expect(ours.dataSync()[i]).toBeCloseTo(value, 5)
    })
    network.weights.fill(0.25)
    unflatten(network, model)
    expect(model.getWeights().every((w) => w.dataSync().every((value) => value === 0.25))).toBe(true)
    model.dispose()
  })

  it('has the gradient of finite differences', () => {
    const model = buildForecaster({ inputs: 2, hidden: [3] }, 4)
    const network = flatten(model)
    const x = tf.tensor2d([0.7, -0.4, 1.1, 0.9], [2, 2])
    const lossOf = (tensors: tf.Tensor[]) => tf.sum(tf.square(forward(network, tensors, x))) as tf.Scalar
    const { grads } = tf.valueAndGrads((...tensors: tf.Tensor[]) => lossOf(tensors))(tensorsOf(network))
    const gradient = grads.flatMap((part) => [...part.dataSync()])
    const at = (place: number, change: number) => {
      network.weights[place]! += change
      const value = lossOf(tensorsOf(network)).dataSync()[0]!
      network.weights[place]! -= change
      return value
    }
    gradient.forEach((slope, place) => {
      expect((at(place, 1e-2) - at(place, -1e-2)) / 2e-2).toBeCloseTo(slope, 1)
    })
    expect(gradient.some((slope) => Math.abs(slope) > 0.5)).toBe(true)
    model.dispose()
  })
})

describe('dropout', () => {
  it('takes its share and keeps the mean, with another mask each time', () => {
    const dropout = dropoutOf(0.2, seededRandom(1))!
    const [one, other] = [dropout([256, 64]).dataSync(), dropout([256, 64]).dataSync()]
    const dropped = one.filter((value) => value === 0).length / one.length
    expect(dropped).toBeCloseTo(0.2, 1)
    expect(new Set(one)).toEqual(new Set([0, Math.fround(1.25)]))
    expect(one).not.toEqual(other)
    expect(dropoutOf(0, seededRandom(1))).toBeUndefined()
  })
})

describe('Adam', () => {
  it('moves by the rate at its first step, against the slope', () => {
    const slope = fc.double({ min: 0.01, max: 1e3, noNaN: true })
    fc.assert(
      fc.property(slope, fc.boolean(), (size, up) => {
        const weights = Float32Array.of(1)
        new Adam(weights).step(Float32Array.of(up ? size : -size), 0.01)
        expect(weights[0]).toBeCloseTo(up ? 0.99 : 1.01, 5)
      }),
    )
  })

  it('finds the bottom of a bowl', () => {
    const weights = Float32Array.of(5, -3)
    const adam = new Adam(weights)
    for (let i = 0; i < 800; i++)
      adam.step(Float32Array.of(2 * (weights[0]! - 1), 8 * (weights[1]! - 2)), 0.05)
    expect(weights[0]).toBeCloseTo(1, 2)
    expect(weights[1]).toBeCloseTo(2, 2)
  })
})
