import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  batchOf,
  press,
  pressArtifacts,
  pressLife,
  sentBy,
  trainPress,
} from '../../test/properties/tinyAsset.ts'
import { plainFolders } from '../registry/modelFolders.ts'
import { verifyArtifacts } from '../registry/verify.ts'
import { checkVersion } from '../registry/versions/checkVersion.ts'
import { disposeAsset, writeAsset } from '../training/trainAsset.ts'
import { loadAssetModel } from './assetModel.ts'
import { createScorer, type Scorer } from './scorer.ts'
import { budgetOf } from './trend/trendForecaster.ts'

const healthyLives = Array.from({ length: 12 }, (_, i) => pressLife(300 + i, 160))
const catalogue = new Map([[press.name, press]])

let folder: string
let scorer: Scorer
beforeAll(async () => {
  folder = await pressArtifacts(1, healthyLives)
  scorer = await createScorer({ catalogue, folders: plainFolders(folder, catalogue.keys()) })
})
afterAll(async () => {
  await scorer.close()
  await rm(folder, { recursive: true, force: true })
})

describe('a machine of whose kind no failure was seen', () => {
  it('has a detector alone, which training writes, the check takes and the hash names', async () => {
    const place = join(folder, press.name)
    expect(existsSync(join(place, 'forecaster'))).toBe(false)
    expect((await verifyArtifacts(place)).map(({ kind }) => kind)).toEqual(['autoencoder'])
    const model = await loadAssetModel(place, press)
    expect(model.forecaster).toBeUndefined()
    expect(model.hash).toBe((await checkVersion(place, press.name)).hash)
    model.dispose()
    expect(scorer.metrics().models.map(({ kind }) => kind)).toEqual(['autoencoder'])
  })

  it('is scored by the trend of its health: anomaly, mode, wide interval, and that nothing is learned yet', async () => {
    const [worn, sound] = [pressLife(1, 110, 115), pressLife(2, 110)]
    scorer.push(batchOf([...sentBy('worn', worn), ...sentBy('sound', sound)]))
    const { scores } = await scorer.run()
    const of = (device: string) => scores.filter((s) => s.device === device)
    expect(new Set(scores.map((s) => s.basis))).toEqual(new Set(['trend']))
    const last = of('worn').at(-1)!
    expect(last.failureProbability).toBeGreaterThan(0.7)
    expect(last.anomaly).toBeLessThan(budgetOf(press))
    expect(last.suspectedMode).toBe('worn_die')
    expect(last.rul.p95 - last.rul.p05).toBeGreaterThan(5)
    const quiet = of('sound').filter((s) => s.failureProbability < 0.5)
    expect(quiet.length / of('sound').length).toBeGreaterThan(0.95)
    expect(of('sound').at(-1)!.rul.p50).toBe(press.rulCap)
  })

  it('scores a window alike alone and among 64, to the bit', async () => {
    const model = await loadAssetModel(join(folder, press.name), press)
    const life = pressLife(3, 90, 95)
    const values = Float32Array.from({ length: 90 * 3 }, (_, i) => life.values[i % 3]![Math.floor(i / 3)]!)
    const windows = Array.from({ length: 64 }, (_, i) => ({
      window: { values: values.subarray(i * 3, (i + 16) * 3), rows: 16, channels: 3 },
      from: i % 4,
    }))
    const together = model.score(windows)
    for (const size of [1, 7, 63]) {
      const apart = windows.flatMap((_, i) => (i % size === 0 ? model.score(windows.slice(i, i + size)) : []))
      expect(apart).toEqual(together)
    }
    model.dispose()
  })

  it('is learned as soon as one fails, and loses its old forecaster where none does', async () => {
    const learned = await trainPress(1)
    const place = join(folder, 'again', press.name)
    await writeAsset(place, learned)
    expect(learned.forecaster).toBeDefined()
    disposeAsset(learned)
    const unlearned = await trainPress(1, healthyLives)
    expect(unlearned.drafts.forecaster).toBeUndefined()
    await writeAsset(place, unlearned)
    disposeAsset(unlearned)
    expect(existsSync(join(place, 'forecaster'))).toBe(false)
  })

  it('crosses the budget as often as the catalogue allows in 30 days', () => {
    // a window a minute: 43,200 in 30 days
    expect(budgetOf(press)).toBeCloseTo(1 / 43_200, 12)
    expect(budgetOf({ ...press, falseAlarms: 3 })).toBeCloseTo(3 / 43_200, 12)
  })
})
