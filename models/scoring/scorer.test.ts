import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { batchOf, press, pressArtifacts, pressLife, sentBy } from '../../test/properties/tinyAsset.ts'
import { plainFolders } from '../registry/modelFolders.ts'
import { loadAssetModel } from './assetModel.ts'
import { createScorer, type Scorer } from './scorer.ts'

let folder: string
const catalogue = new Map([[press.name, press]])
const scorers: Scorer[] = []

async function newScorer(artifactsFolder = folder): Promise<Scorer> {
  const scorer = await createScorer({ catalogue, folders: plainFolders(artifactsFolder, catalogue.keys()) })
  scorers.push(scorer)
  return scorer
}

beforeAll(async () => {
  folder = await pressArtifacts()
})

afterAll(async () => {
  for (const scorer of scorers) await scorer.close()
  await rm(folder, { recursive: true, force: true })
})

const worn = pressLife(1, 110, 115)
const sound = pressLife(2, 110)

describe('the scorer', () => {
  it('tells a worn machine from a sound one, with mode and evidence', async () => {
    const scorer = await newScorer()
    scorer.push(batchOf([...sentBy('worn', worn), ...sentBy('sound', sound)]))
    const { scores, states } = await scorer.run()
    const last = (device: string) => scores.filter((s) => s.device === device).at(-1)!
    expect(last('worn').failureProbability).toBeGreaterThan(0.8)
    expect(last('worn').anomaly).toBeLessThan(1e-3)
    expect(last('worn').suspectedMode).toBe('worn_die')
    expect(last('sound').failureProbability).toBeLessThan(0.2)
    expect(last('sound').suspectedMode).toBe('unknown')
    expect(states.map((s) => [s.device, s.state.state])).toEqual([
      ['worn', 'scored'],
      ['sound', 'scored'],
    ])
    expect(last('worn').evidence).toMatchObject({
      rows: 16,
      channels: ['force', 'heat', 'speed'],
      backend: 'wasm',
    })
  })

  it('replays a score from its evidence to the same numbers', async () => {
    const scorer = await newScorer()
    scorer.push(batchOf(sentBy('worn', worn)))
    const score = (await scorer.run()).scores.at(-1)!
    const model = await loadAssetModel(join(folder, press.name), press)
    const { window, rows, channels } = score.evidence
    const again = model.score([{ window: { values: window, rows, channels: channels.length }, from: 0 }])[0]!
    model.dispose()
    expect(again).toMatchObject({
      rul: score.rul,
      failureProbability: score.failureProbability,
      anomaly: score.anomaly,
      contributions: score.contributions,
    })
  })

  it('scores a window alike alone and among many', async () => {
    const [alone, among] = [await newScorer(), await newScorer()]
    alone.push(batchOf(sentBy('worn', worn)))
    const single = (await alone.run()).scores
    const others = Array.from({ length: 36 }, (_, i) => sentBy(`d${i}`, pressLife(i, 110)))
    among.push(batchOf([...others.flat(), ...sentBy('worn', worn)]))
    const batched = (await among.run()).scores.filter((s) => s.device === 'worn')
    expect(batched).toEqual(single)
  })

  it('leaves no tensor behind', async () => {
    const scorer = await newScorer()
    const before = scorer.metrics().numTensors
    for (let i = 0; i < 10; i++) {
      scorer.push(batchOf(sentBy(`t${i}`, pressLife(i, 40))))
      await scorer.run()
    }
    expect(scorer.metrics().numTensors).toBe(before)
  })

  it('swaps artifacts while devices stream, without leaking the old ones', async () => {
    const scorer = await newScorer()
    const half = sentBy('worn', worn)
    scorer.push(batchOf(half.slice(0, 60)))
    const first = (await scorer.run()).scores
    const before = tf.memory().numTensors
    const next = await pressArtifacts(2)
    await scorer.swap(press.name, { champion: join(next, press.name) })
    expect(tf.memory().numTensors).toBe(before)
    scorer.push(batchOf(half.slice(60)))
    const second = (await scorer.run()).scores
    await rm(next, { recursive: true, force: true })
    expect(second.length).toBe(50)
    expect(new Set(first.map((s) => s.model)).size).toBe(1)
    expect(second[0]!.model).not.toBe(first[0]!.model)
  })

  it('keeps the present artifacts when the next ones cannot be loaded', async () => {
    const scorer = await newScorer()
    await expect(scorer.swap(press.name, { champion: join(folder, 'nowhere') })).rejects.toMatchObject({
      code: 'ARTIFACT_MISSING',
    })
    scorer.push(batchOf(sentBy('worn', worn)))
    expect((await scorer.run()).scores.length).toBeGreaterThan(0)
  })

  it('scores the same windows with a challenger in the shadow, and nothing else changes', async () => {
    const next = await pressArtifacts(2)
    const [alone, shadowed] = [await newScorer(), await newScorer()]
    await shadowed.swap(press.name, {
      champion: join(folder, press.name),
      challenger: join(next, press.name),
    })
    await rm(next, { recursive: true, force: true })
    const readings = batchOf([...sentBy('worn', worn), ...sentBy('sound', sound)])
    for (const scorer of [alone, shadowed]) scorer.push(readings)
    const [expected, both] = [await alone.run(), await shadowed.run()]
    const champions = both.scores.filter((s) => s.role === 'champion')
    const challengers = both.scores.filter((s) => s.role === 'challenger')
    expect(champions).toEqual(expected.scores)
    expect(both.states).toEqual(expected.states)
    expect(challengers.map((s) => [s.device, s.windowEnd])).toEqual(
      champions.map((s) => [s.device, s.windowEnd]),
    )
    expect(new Set(challengers.map((s) => s.model)).size).toBe(1)
    expect(challengers[0]!.model).not.toBe(champions[0]!.model)
    expect(shadowed.metrics().scored).toBe(alone.metrics().scored)
    expect(shadowed.metrics().models.map((m) => m.role)).toEqual([
      'champion',
      'champion',
      'challenger',
      'challenger',
    ])
  })

  it('says no_model where there is none', async () => {
    const scorer = await newScorer(join(folder, 'nowhere'))
    scorer.push(batchOf(sentBy('worn', worn)))
    const { scores, states } = await scorer.run()
    expect(scores).toEqual([])
    expect(states[0]!.state).toMatchObject({ state: 'not_scored', reason: 'no_model' })
  })

  it('says stuck_channel when a sensor repeats one value, and unlike_training in a regime it never saw', async () => {
    const scorer = await newScorer()
    const stuck = sentBy('stuck', sound).map((s) =>
      s.slot < 90 ? s : { ...s, values: [s.values[0]!, 40, s.values[2]!] },
    )
    const racing = sentBy('racing', sound).map((s) =>
      s.slot < 90 ? s : { ...s, values: [s.values[0]!, s.values[1]!, 30] },
    )
    scorer.push(batchOf([...stuck, ...racing]))
    const { states } = await scorer.run()
    expect(states.map((s) => s.state)).toMatchObject([
      { state: 'not_scored', reason: 'stuck_channel' },
      { state: 'not_scored', reason: 'unlike_training' },
    ])
  })

  it('says stuck_channel, too, when a sensor dithers about one value by less than it ever did while it measured', async () => {
    const scorer = await newScorer()
    const dithering = (device: string, size: number) =>
      sentBy(device, sound).map((s) =>
        s.slot < 90 ? s : { ...s, values: [s.values[0]!, 40 + size * Math.sin(9 * s.slot), s.values[2]!] },
      )
    scorer.push(batchOf([...dithering('frozen', 0.01), ...dithering('lively', 1), ...sentBy('sound', sound)]))
    const { states } = await scorer.run()
    expect(states.map((s) => [s.device, s.state])).toMatchObject([
      ['frozen', { state: 'not_scored', reason: 'stuck_channel' }],
      ['lively', { state: 'scored' }],
      ['sound', { state: 'scored' }],
    ])
  })

  it('says gap when more readings are missing than are held, until enough came again', async () => {
    const scorer = await newScorer()
    const before = sentBy('gappy', sound).slice(0, 40)
    const after = sentBy('gappy', sound).slice(44, 50)
    scorer.push(batchOf([...before, ...after.slice(0, 3)]))
    expect((await scorer.run()).states[0]!.state).toMatchObject({ state: 'not_scored', reason: 'gap' })
    scorer.push(batchOf([...after.slice(3), ...sentBy('gappy', sound).slice(50, 70)]))
    expect((await scorer.run()).states[0]!.state).toMatchObject({ state: 'scored' })
  })

  it('says gap when one needed channel is missing throughout', async () => {
    const scorer = await newScorer()
    scorer.push(
      batchOf(
        sentBy('blind', sound).map((s) => ({ ...s, values: [s.values[0]!, Number.NaN, s.values[2]!] })),
      ),
    )
    expect((await scorer.run()).states[0]!.state).toMatchObject({ state: 'not_scored', reason: 'gap' })
  })

  it('scores a sensor far outside of everything seen: that is what it looks for', async () => {
    const scorer = await newScorer()
    const far = sentBy('far', sound).map((s) =>
      s.slot < 90 ? s : { ...s, values: [s.values[0]! + 1e5, s.values[1]!, s.values[2]!] },
    )
    scorer.push(batchOf(far))
    const { scores, states } = await scorer.run()
    const last = scores.at(-1)!
    expect(states[0]!.state).toMatchObject({ state: 'scored' })
    expect(last.anomaly).toBeLessThan(1e-6)
    expect(last.contributions.force).toBeGreaterThan(0.8)
    expect(Object.values(last.rul).every(Number.isFinite)).toBe(true)
  })

  it('says too_little_history at first', async () => {
    const scorer = await newScorer()
    scorer.push(batchOf(sentBy('new', sound).slice(0, 5)))
    expect((await scorer.run()).states[0]!.state).toMatchObject({ reason: 'too_little_history' })
  })
})
