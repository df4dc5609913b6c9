import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadCatalogue } from '../../app/loadCatalogue.ts'
import { defaultFolders } from '../../app/paths.ts'
import type { ReadingBatch } from '../../core/reading.ts'
import type { Score } from '../../core/score.ts'
import { readEngines } from '../../edge/replay/cmapssFile.ts'
import { intervalFigures, predict } from '../../models/evaluation/benchmark.ts'
import { lifeOf } from '../../models/evaluation/cmapss.ts'
import { cutTrials } from '../../models/evaluation/trials.ts'
import { loadArtifact } from '../../models/registry/artifact.ts'
import { plainFolders } from '../../models/registry/modelFolders.ts'
import { conformalsOf, loadAssetModel } from '../../models/scoring/assetModel.ts'
import { createScorer, type Scorer } from '../../models/scoring/scorer.ts'
import { seededRandom } from '../../models/training/random.ts'

/*
 * The installed turbofan model on made-up engines whose sensors read what training saw on average: a machine that does not
 * tell its age is scored like any other. How sure the model then is can only be judged on real engines.
 */
const type = loadCatalogue().get('turbofan')!
const flights = 60
let scorer: Scorer
let typical: Map<string, number>
let spread: Map<string, number>

beforeAll(async () => {
  scorer = await createScorer({
    catalogue: new Map([[type.name, type]]),
    folders: plainFolders(defaultFolders.models, [type.name]),
  })
  const model = await loadAssetModel(`${defaultFolders.models}/${type.name}`, type)
  const { features, settings, leastSpread = [] } = model.autoencoder.manifest
  typical = new Map([
    ...features.inputs.map((name, i) => [name, features.normalisation.mean[i]!] as const),
    ...settings.map(({ channel, low, high }) => [channel, (low + high) / 2] as const),
  ])
  // a sensor that moves less than any did while training counts as stuck
  spread = new Map(features.inputs.map((name, i) => [name, 6 * leastSpread[i]!] as const))
  model.dispose()
})
afterAll(() => scorer.close())

function readings(device: string, ageAt: (flight: number) => number): ReadingBatch {
  const random = seededRandom(7)
  const column = (of: (flight: number) => number) => Float64Array.from({ length: flights }, (_, i) => of(i))
  return {
    assetType: type.name,
    length: flights,
    device: new Array<string>(flights).fill(device),
    site: new Array<string>(flights).fill('field'),
    time: column((i) => Date.UTC(2025, 0, 1) + i * type.cadenceMs),
    receivedAt: column((i) => Date.UTC(2025, 0, 1) + i * type.cadenceMs),
    publishedAt: column(() => Number.NaN),
    seq: column((i) => i),
    channels: type.channels.map(({ name, role }) =>
      role === 'usage'
        ? column(ageAt)
        : column(() => (typical.get(name) ?? 1) + (spread.get(name) ?? 1e-5) * (2 * random() - 1)),
    ),
  }
}

async function lastScore(device: string, ageAt: (flight: number) => number): Promise<Score> {
  scorer.push(readings(device, ageAt))
  const { scores, states } = await scorer.run()
  expect(states.map((s) => s.state.state)).toEqual(['scored'])
  expect(scores).toHaveLength(flights - type.window.minimum + 1)
  return scores.at(-1)!
}

describe('an engine that does not tell its age', () => {
  it('is scored like any other, its interval in order', async () => {
    for (const [device, ageAt] of [
      ['known', (flight: number) => flight + 1],
      ['unknown', () => Number.NaN],
    ] as const) {
      const { rul } = await lastScore(device, ageAt)
      const values = [rul.p05, rul.p10, rul.p50, rul.p90, rul.p95]
      expect(values.every(Number.isFinite)).toBe(true)
      expect([...values].sort((a, b) => a - b)).toEqual(values)
    }
  })

  it('is scored from its window alone: the same when it is asked again', async () => {
    const [one, other] = [await lastScore('a', () => Number.NaN), await lastScore('b', () => Number.NaN)]
    expect(other.rul).toEqual(one.rul)
  })
})

const file = process.env.FOREWARN_DATA ? join(process.env.FOREWARN_DATA, 'cmapss', 'train_FD001.txt') : ''
const where = existsSync(file) ? '' : ' (left out: FOREWARN_DATA names no cmapss/train_FD001.txt)'

describe.runIf(existsSync(file))(`engines 81-100 of FD001, which trained nothing${where}`, () => {
  it('are forecast with wider intervals the less is known of them, which hold', async () => {
    const lives = (await readEngines(file, '81-100')).map((engine) => lifeOf(engine))
    const { manifest, members, dispose } = await loadArtifact(
      join(defaultFolders.models, type.name, 'forecaster'),
      type.name,
      'forecaster',
    )
    const parts = { spec: manifest.features, members, ...conformalsOf(manifest) }
    const of = (late: boolean, usage: boolean) => {
      const trials = cutTrials(type, lives, 20, 5, { late, usage })
      const windows = trials.map((t) => t.window)
      return intervalFigures(trials, predict(type, parts, windows), type.rulCap)
    }
    const [whole, late, unknown] = [of(false, true), of(true, true), of(true, false)]
    dispose()
    expect(late.width90).toBeGreaterThan(whole.width90)
    expect(unknown.width90).toBeGreaterThan(late.width90)
    // Twenty engines say it roughly; the study of all of them stands in docs/model-report.md.
    for (const { coverage90 } of [whole, late, unknown]) expect(coverage90).toBeGreaterThan(0.8)
  })
})
