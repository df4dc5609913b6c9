import { afterAll, expect, it } from 'vitest'
import type { ModelDecision } from '../../../core/model.ts'
import type { Problem } from '../schemas/common.ts'
import type { AssetModels, ComparisonAnswer, ModelList, ModelWatch } from '../schemas/models.ts'
import { championHash, otherHash } from '../testing/models.ts'
import { closeServers, serve } from '../testing/server.ts'

afterAll(closeServers)

const by = { actor: 'ada', reason: 'trained on last year' }

it('the models of an asset type come with their figures and what is in force', async () => {
  const { get } = await serve()
  const { models } = await get<ModelList>('/api/models')
  expect(models).toMatchObject([
    { assetType: 'pump', champion: championHash, challenger: null, decisions: [] },
  ])
  expect(models[0]!.versions.map((v) => v.metrics.outOfFoldRmseCapped)).toEqual([9.5, 9.5])
  expect((await get<AssetModels>('/api/models/pump')).versions).toHaveLength(2)
  expect((await get<Problem>('/api/models/press', 404)).code).toBe('NOT_FOUND')
})

it('a version challenges, is withdrawn, is promoted by force alone, and rolled back', async () => {
  const { get, post } = await serve()
  const decide = <T = ModelDecision>(what: string, body: object = {}, status = 200) =>
    post<T>(`/api/models/pump/${what}`, { ...by, ...body }, status)
  expect(await decide('challenge', { version: otherHash })).toMatchObject({
    action: 'challenged',
    actor: 'ada',
  })
  expect((await get<AssetModels>('/api/models/pump')).challenger).toBe(otherHash)
  await decide('withdraw', { version: otherHash })
  expect((await decide<Problem>('withdraw', { version: otherHash }, 409)).code).toBe('MODEL_DECISION_INVALID')
  expect((await decide<Problem>('promote', {}, 409)).code).toBe('MODEL_NOT_BETTER')
  expect(await decide('promote', { force: true })).toMatchObject({ action: 'promoted', before: championHash })
  expect(await decide('rollback')).toMatchObject({ action: 'rolled_back', hash: championHash })
  const { decisions } = await get<AssetModels>('/api/models/pump')
  expect(decisions.map((d) => d.action)).toEqual(['challenged', 'withdrawn', 'promoted', 'rolled_back'])
})

it('a decision needs a person, a reason and a whole hash', async () => {
  const { post } = await serve()
  await post('/api/models/pump/challenge', { actor: 'ada', version: otherHash }, 400)
  await post('/api/models/pump/challenge', { reason: 'x', version: otherHash }, 400)
  await post('/api/models/pump/challenge', { ...by, version: otherHash.slice(1) }, 400)
  await post('/api/models/press/challenge', { ...by, version: otherHash }, 404)
})

it('the watch tells drift, coverage and precision', async () => {
  const { get } = await serve()
  expect(await get<ModelWatch>('/api/models/pump/watch')).toMatchObject({
    champion: championHash,
    drift: { drifting: ['vibration'], devices: [{ device: 'pump-2', shift: -4 }] },
    trackRecord: { coverage: 0.9, precision: [{ mode: 'cavitation', precision: 0.75 }] },
  })
  const elsewhere = await serve()
  const { models } = elsewhere.deps
  const { get: ask } = await serve({ models: { ...models, drift: () => undefined } })
  expect((await ask<ModelWatch>('/api/models/pump/watch')).drift).toBeNull()
  await ask('/api/models/press/watch', 404)
})

it('a comparison says what is not known as null', async () => {
  const { get, post } = await serve()
  expect(await get('/api/models/pump/comparison')).toEqual({ comparison: null })
  await post('/api/models/pump/challenge', { ...by, version: otherHash })
  const { comparison } = await get<ComparisonAnswer>('/api/models/pump/comparison')
  expect(comparison).toMatchObject({
    verdict: 'undecided',
    failures: 1,
    gain: 0.1,
    gainLow: null,
    gainHigh: null,
  })
})
