import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { press, pressLife, trainPress } from '../../test/properties/tinyAsset.ts'
import { buildAutoencoder } from '../architectures/autoencoder.ts'
import { buildForecaster } from '../architectures/forecaster.ts'
import { openBackend } from '../backend.ts'
import { packWeights, sha256 } from '../registry/weights.ts'
import { forecastWith } from '../scoring/infer.ts'
import { decodeForecast } from '../scoring/quantiles.ts'
import { isHealthy, replacedAfter, scoredRows, slotsOf, windowAt } from './dataset.ts'
import { fitNetwork, learningRate } from './fit.ts'
import { assignFolds } from './forecaster.ts'
import { forecasterLoss, pinball, quantileTensor } from './losses.ts'
import { seededRandom, shuffle } from './random.ts'
import { collectSamples, targetsOf } from './samples.ts'
import { disposeAsset } from './trainAsset.ts'
import { mixedViews } from './views.ts'

beforeAll(() => openBackend())

describe('architectures', () => {
  it('have the shapes they say', () => {
    const forecaster = buildForecaster({ inputs: 29, hidden: [64, 32] }, 1)
    expect(forecaster.outputs[0]!.shape).toEqual([null, 6])
    expect(forecaster.countParams()).toBe(4198)
    const autoencoder = buildAutoencoder({ inputs: 5, hidden: [16, 6, 16] }, 1)
    expect(autoencoder.outputs[0]!.shape).toEqual([null, 5])
    forecaster.dispose()
    autoencoder.dispose()
  })

  it('start from the seed', () => {
    const weights = [1, 1, 2].map((seed) => {
      const model = buildForecaster({ inputs: 4, hidden: [8] }, seed)
      const hash = sha256(packWeights([model]))
      model.dispose()
      return hash
    })
    expect(weights[0]).toBe(weights[1])
    expect(weights[0]).not.toBe(weights[2])
  })
})

describe('losses', () => {
  it('train on the same quantiles that scoring reads', () => {
    const raw = [0.4, 0.6, -1, 0.5, 2, -3]
    const tensor = quantileTensor(tf.tensor2d(raw, [1, 6])).dataSync()
    const { quantiles } = decodeForecast(raw, 0, 1)
    quantiles.forEach((q, i) => {
      expect(tensor[i]).toBeCloseTo(q, 5)
    })
  })

  it('punish a quantile by its level', () => {
    const q = tf.tensor2d([0, 0, 0, 0, 0], [1, 5])
    expect(pinball(q, tf.tensor2d([1], [1, 1])).dataSync()[0]).toBeCloseTo(
      (0.05 + 0.1 + 0.5 + 0.9 + 0.95) / 5,
    )
    expect(pinball(q, tf.tensor2d([-1], [1, 1])).dataSync()[0]).toBeCloseTo(
      (0.95 + 0.9 + 0.5 + 0.1 + 0.05) / 5,
    )
  })
})

describe('losses of lives that were not seen to their failure', () => {
  const outputs = (mean: number) => tf.tensor2d([mean, mean, -9, -9, -9, -9], [1, 6])
  const lossOf = (mean: number, target: number[]) =>
    forecasterLoss(outputs(mean), tf.tensor2d(target, [1, target.length])).dataSync()[0]!

  it('are none above the bound, and those of a truth below it', () => {
    expect(lossOf(0.9, [0.4, 1])).toBeCloseTo(0, 4)
    expect(lossOf(0.1, [0.4, 1])).toBeCloseTo(lossOf(0.1, [0.4]), 6)
    expect(lossOf(0.9, [0.4, 0])).toBeCloseTo(lossOf(0.9, [0.4]), 6)
    expect(lossOf(0.9, [0.4])).toBeGreaterThan(0.2)
  })

  it('teach no early failure', async () => {
    // Half of the machines fail at 0.8, half were replaced at 0.3: nothing tells them apart.
    const target = Float32Array.from({ length: 400 }, (_, i) => [0.8, 0, 0.3, 1][i % 4]!)
    const x = { data: new Float32Array(200).fill(1), width: 1 }
    const fitted = async (y: { data: Float32Array; width: number }) => {
      const model = buildForecaster({ inputs: 1, hidden: [4] }, 2)
      await fitNetwork(model, x, y, forecasterLoss, {
        epochs: 150,
        batch: 100,
        rate: 2e-2,
        dropout: 0,
        seed: 1,
      })
      const [forecast] = forecastWith([model], { data: Float32Array.of(1), width: 1 }, 100)
      model.dispose()
      return forecast!.mean
    }
    expect(await fitted({ data: target, width: 2 })).toBeCloseTo(80, -1)
    const taken = target.filter((_, i) => i % 2 === 0)
    expect(await fitted({ data: taken, width: 1 })).toBeCloseTo(55, -1)
  })
})

describe('samples', () => {
  const shape = {
    inputs: ['force'],
    smoothings: [{ kind: 'ema' as const, alpha: 0.3 }],
    usage: null,
    regime: null,
  }

  it('mark what is only a bound, and train towards it as such', () => {
    const replaced = replacedAfter(pressLife(3, 120, 120), 79)
    expect(slotsOf(replaced)).toBe(80)
    const [samples] = collectSamples(press, [replaced], shape, 1)
    // 79 rows were left at the first; from 60, the cap, on down nobody knows how many more.
    expect(samples!.rows.map((row, i) => samples!.bound[i] === row > 19).every(Boolean)).toBe(true)
    expect(samples!.truth.at(-1)).toBe(0)
    const { data, width } = targetsOf([samples!], 60)
    expect(width).toBe(2)
    expect([...data.slice(-2)]).toEqual([0, 1])
    expect(targetsOf(collectSamples(press, [pressLife(3, 120, 120)], shape, 1), 60).width).toBe(1)
  })

  it('see a life from a late start on as if it had begun there', () => {
    const life = pressLife(3, 40)
    const late = { ...life, values: life.values.map((series) => series.slice(25)) }
    const all = collectSamples(press, [life], shape, 1, () => ({ from: 25, usage: true }))[0]!
    const own = collectSamples(press, [late], shape, 1)[0]!
    expect(all.features.at(-1)).toEqual(own.features.at(-1))
  })

  it('mix views by their shares, and leave every late start its minimum', () => {
    const view = mixedViews(seededRandom(5), { late: 0.3, unknown: 0.2 }, 6)
    const views = Array.from({ length: 4000 }, (_, i) => ({ end: 5 + (i % 50), ...view(5 + (i % 50)) }))
    const share = (of: (v: (typeof views)[number]) => boolean) => views.filter(of).length / views.length
    expect(share((v) => !v.usage)).toBeCloseTo(0.2, 1)
    expect(views.every((v) => v.from >= 0 && v.end - v.from + 1 >= 6)).toBe(true)
    // Half of the lives begin at their first row; some late ones do, too.
    expect(share((v) => v.usage && v.from === 0)).toBeGreaterThan(0.5)
    expect(share((v) => v.usage && v.from > 0)).toBeGreaterThan(0.2)
  })
})

describe('fitting', () => {
  it('warms up and cools down', () => {
    const rates = Array.from({ length: 100 }, (_, step) => learningRate(step, 100, 1))
    expect(rates[0]).toBeCloseTo(1 / 3)
    expect(Math.max(...rates)).toBe(1)
    expect(rates.at(-1)).toBeLessThan(0.01)
  })

  it('learns, leaves no tensor behind, and is the same for the same seed', async () => {
    const random = seededRandom(3)
    const x = { data: Float32Array.from({ length: 400 }, () => random() * 2 - 1), width: 2 }
    const y = { data: Float32Array.from({ length: 200 }, (_, i) => 0.5 + 0.3 * x.data[2 * i]!), width: 1 }
    const losses: number[] = []
    const train = async () => {
      const model = buildForecaster({ inputs: 2, hidden: [8] }, 5)
      const onEpoch = (_: number, loss: number) => {
        losses.push(loss)
      }
      await fitNetwork(model, x, y, forecasterLoss, {
        epochs: 15,
        batch: 32,
        rate: 1e-2,
        dropout: 0.1,
        seed: 9,
        onEpoch,
      })
      const hash = sha256(packWeights([model]))
      model.dispose()
      return hash
    }
    const before = tf.memory().numTensors
    const first = await train()
    expect(tf.memory().numTensors).toBe(before)
    expect(losses.at(-1)).toBeLessThan(losses[0]! / 3)
    expect(await train()).toBe(first)
  })
})

it('never has pieces of one machine on both sides of a fold', () => {
  const piece = (id: string, device: string | undefined, failing: boolean) => ({
    id,
    device,
    values: [],
    rul: failing ? new Float64Array(0) : null,
  })
  const pieces = Array.from({ length: 30 }, (_, i) => piece(`${i}`, `machine ${i % 7}`, i % 3 === 0))
  const folds = assignFolds(pieces, { folds: 3, seed: 4 })
  pieces.forEach(({ device }, i) => {
    expect(folds[i]).toBe(folds[pieces.findIndex((other) => other.device === device)])
  })
  expect(new Set(folds).size).toBe(3)
})

it('stops where the loss is no number any more', async () => {
  const model = buildForecaster({ inputs: 1, hidden: [4] }, 1)
  const x = { data: Float32Array.of(1, 2, Number.NaN, 4), width: 1 }
  const y = { data: Float32Array.of(1, 1, 1, 1), width: 1 }
  const options = { epochs: 2, batch: 4, rate: 1e-2, dropout: 0, seed: 1 }
  await expect(fitNetwork(model, x, y, forecasterLoss, options)).rejects.toMatchObject({
    code: 'TRAINING_DIVERGED',
    details: { epoch: 1 },
  })
  model.dispose()
})

describe('a training run', () => {
  it('gives the same weights and manifest for the same seed, and says what it measured', async () => {
    const hashes = []
    for (let run = 0; run < 2; run++) {
      const trained = await trainPress(4)
      hashes.push(
        sha256(packWeights([...trained.forecaster!.members, trained.autoencoder.model]) as Uint8Array),
      )
      expect(trained.drafts.forecaster!.metrics.outOfFoldRmseCapped).toBeLessThan(20)
      expect(trained.drafts.forecaster!.metrics.outOfFoldCoverage90).toBeGreaterThan(0.8)
      expect(trained.drafts.autoencoder.features.regime?.settings).toEqual(['speed'])
      expect(new Set(trained.forecaster!.outOfFold.map((o) => o.life.id)).size).toBe(16)
      disposeAsset(trained)
    }
    expect(hashes[0]).toBe(hashes[1])
  })
})

describe('the data set', () => {
  it('scores from the minimum on and never sees more than a window', () => {
    const life = pressLife(1, 30, 40)
    expect(scoredRows(life, press)[0]).toBe(press.window.minimum - 1)
    expect(scoredRows(life, press).at(-1)).toBe(29)
    expect(windowAt(new Float32Array(90), 3, 29, 16)).toMatchObject({ rows: 16 })
    expect(windowAt(new Float32Array(90), 3, 5, 16)).toMatchObject({ rows: 6 })
  })

  it('takes a row for healthy up to its onset, or where its failure is beyond the cap', () => {
    const life = pressLife(1, 100, 120)
    expect([0, 59, 60, 99].map((row) => isHealthy(life, row, 60))).toEqual([true, true, false, false])
    expect(isHealthy({ ...life, onset: 10 }, 20, 60)).toBe(false)
    expect(isHealthy({ ...life, rul: null }, 99, 60)).toBe(true)
  })

  it('shuffles by the seed and loses nothing', () => {
    const items = Array.from({ length: 20 }, (_, i) => i)
    const mixed = shuffle([...items], seededRandom(1))
    expect(mixed).not.toEqual(items)
    expect([...mixed].sort((a, b) => a - b)).toEqual(items)
  })
})
