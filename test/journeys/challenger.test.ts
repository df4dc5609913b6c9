import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ComparisonAnswer } from '../../alerts/http/schemas/models.ts'
import type { ScoreList } from '../../alerts/http/schemas/scores.ts'
import { createApiClient } from '../../app/apiClient.ts'
import type { Journey } from '../../app/journey.ts'
import type { ModelDecision } from '../../core/model.ts'
import type { TrainingLife } from '../../models/training/dataset.ts'
import { press, pressLife, pressLives } from '../properties/tinyAsset.ts'
import { by, numbered, type PressPlant, pressMessages, pressPlant, startOf } from '../support/pressPlant.ts'
import { publishAll, scoredAndDone, startQuietly } from '../support/quietJourney.ts'

/*
 * A model that has learnt the wrong way round challenges a sound one · presses stream, eight of them to their failure ·
 * the challenger's scores are kept, nothing follows from them · it is compared, and refused.
 */
const failing = 8
const sound = 8
const slots = 120
const start = startOf(slots)
let plant: PressPlant
let journey: Journey
let worse: string

/** Worn presses told to be healthy, and healthy ones to fail. */
const turnedAround = (): TrainingLife[] =>
  pressLives().map((life) => ({
    ...life,
    rul: life.rul === null ? Float64Array.from({ length: slots }, (_, i) => slots - i) : null,
  }))

const lives = numbered(
  Array.from({ length: failing + sound }, (_, i) =>
    pressLife(500 + i, slots, i < failing ? slots : undefined),
  ),
)

beforeAll(async () => {
  plant = pressPlant()
  await plant.install(1)
  worse = await plant.register(2, turnedAround())
  await plant.registry.decide(press.name, { action: 'challenged', hash: worse, ...by })
  journey = await startQuietly(plant.config)
}, 90_000)

afterAll(async () => {
  await journey.close()
  plant.remove()
})

it('a worse challenger scores in the shadow, is compared on what came true, and refused', async () => {
  const api = createApiClient(plant.config, { url: journey.httpUrl })
  const compared = async () =>
    (await api.get<ComparisonAnswer>(`/api/models/${press.name}/comparison`)).comparison!
  await publishAll(journey, pressMessages(lives, start, 0, slots))
  await scoredAndDone(journey, (failing + sound) * (slots - press.window.minimum + 1))
  expect(await compared()).toMatchObject({ verdict: 'undecided', failures: 0 })

  const tickets = await journey.tickets.list()
  const { scores } = await api.get<ScoreList>(
    `/api/devices/press-0/scores?role=challenger&from=0&to=${Date.now()}`,
  )
  expect(new Set(scores.map((s) => s.model))).toEqual(new Set([worse]))
  for (const { prediction } of tickets) expect(prediction.model).not.toBe(worse)
  expect(new Set(tickets.map((t) => t.device))).toEqual(
    new Set(Array.from({ length: failing }, (_, i) => `press-${i}`)),
  )

  for (let i = 0; i < failing; i++)
    await api.post(`/api/devices/press-${i}/events`, {
      kind: 'failed',
      time: start + slots * press.cadenceMs,
    })
  const comparison = await compared()
  expect(comparison).toMatchObject({ verdict: 'worse', failures: failing, challengerHash: worse })
  expect(comparison.champion!).toBeLessThan(comparison.challenger!)

  await expect(api.post(`/api/models/${press.name}/promote`, by)).rejects.toMatchObject({
    code: 'MODEL_NOT_BETTER',
  })
  expect((await plant.registry.inForce(press.name)).champion).not.toBe(worse)
  const refused = await api.post<ModelDecision>(`/api/models/${press.name}/promote`, { ...by, force: true })
  expect(refused).toMatchObject({ action: 'promoted', reason: 'forced: a test' })
  expect(refused.figures!.gain).toBeLessThan(0)
  await api.post(`/api/models/${press.name}/rollback`, by)
}, 180_000)
