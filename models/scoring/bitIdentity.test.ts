import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import * as tf from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { type AssetType, parseAssetType } from '../../core/catalogue.ts'
import { openBackend } from '../backend.ts'
import { loadArtifact } from '../registry/artifact.ts'
import { seededRandom } from '../training/random.ts'
import { type AssetModel, type FitWindow, loadAssetModel, type Verdict } from './assetModel.ts'

const most = 64

async function typeNamed(name: string): Promise<AssetType> {
  const yaml = await readFile(new URL(`../../catalogue/${name}.yaml`, import.meta.url), 'utf8')
  return parseAssetType(parse(yaml), `${name}.yaml`)
}

const folderOf = (name: string) => fileURLToPath(new URL(`../artifacts/${name}`, import.meta.url))

/** Windows around what the model was trained on: some as healthy as any, some far from it. */
async function windowsFor(type: AssetType): Promise<FitWindow[]> {
  const { manifest, dispose } = await loadArtifact(
    `${folderOf(type.name)}/autoencoder`,
    type.name,
    'autoencoder',
  )
  dispose()
  const random = seededRandom(17)
  const middle = type.channels.map(({ name }) => {
    const setting = manifest.settings.find((s) => s.channel === name)
    return setting ? (setting.low + setting.high) / 2 : 0
  })
  const width = type.channels.length
  return Array.from({ length: most }, (_, i) => {
    const rows = type.window.minimum + Math.floor(random() * (type.window.length - type.window.minimum))
    const values = Float32Array.from({ length: rows * width }, (_, at) => {
      const input = manifest.features.inputs.indexOf(type.channels[at % width]!.name)
      if (input < 0) return middle[at % width]!
      const { mean, scale } = manifest.features.normalisation
      const base =
        manifest.features.regime && 'coefficients' in manifest.features.regime
          ? manifest.features.regime.coefficients[input]![0]!
          : 0
      return base + mean[input]! + scale[input]! * ((i % 8) / 2) * (random() - 0.3)
    })
    return { window: { values, rows, channels: width }, from: 0 }
  })
}

/** Every number of a verdict. */
const numbersOf = ({ mean, rul, failureProbability, anomaly, contributions }: Verdict): number[] => [
  mean,
  ...Object.values(rul),
  failureProbability,
  anomaly,
  ...Object.values(contributions),
]

describe.each(['pump', 'turbofan'])('the shipped %s model', (name) => {
  let type: AssetType
  let windows: FitWindow[]
  let model: AssetModel
  let together: Verdict[]
  beforeAll(async () => {
    await openBackend()
    await tf.setBackend('wasm')
    type = await typeNamed(name)
    windows = await windowsFor(type)
    model = await loadAssetModel(folderOf(name), type)
    together = model.score(windows)
  })
  afterAll(async () => {
    model.dispose()
    await tf.setBackend('wasm')
  })

  it('tells the windows of this test apart', () => {
    expect(new Set(together.map((v) => v.anomaly)).size).toBeGreaterThan(most / 4)
    expect(together.flatMap(numbersOf).every(Number.isFinite)).toBe(true)
  })

  it('gives the same bits again, and in batches of 1 to 64', () => {
    expect(model.score(windows)).toEqual(together)
    for (let size = 1; size <= most; size++) {
      const apart: Verdict[] = []
      for (let i = 0; i < most; i += size) apart.push(...model.score(windows.slice(i, i + size)))
      expect(apart, `batches of ${size}`).toEqual(together)
    }
  })

  it('is within 1e-5 of the plain backend', async () => {
    await tf.setBackend('cpu')
    expect(tf.getBackend()).toBe('cpu')
    const plain = await loadAssetModel(folderOf(name), type)
    plain.score(windows).forEach((verdict, i) => {
      const expected = numbersOf(together[i]!)
      numbersOf(verdict).forEach((value, n) => {
        expect(Math.abs(value - expected[n]!)).toBeLessThanOrEqual(1e-5 * Math.max(1, Math.abs(expected[n]!)))
      })
      expect(verdict.suspectedMode).toBe(together[i]!.suspectedMode)
    })
    plain.dispose()
  })
})
