import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ComparisonAnswer } from '../../alerts/http/schemas/models.ts'
import type { ScoreList } from '../../alerts/http/schemas/scores.ts'
import { createApiClient } from '../../app/apiClient.ts'
import { type Journey, startJourney } from '../../app/journey.ts'
import { openModelRegistry } from '../../app/roles/models.ts'
import { systemClock } from '../../core/clock.ts'
import { parseConfig } from '../../core/config.ts'
import type { ModelDecision } from '../../core/model.ts'
import type { TrainingLife } from '../../models/training/dataset.ts'
import { press, pressArtifacts, pressLife, pressLives } from '../properties/tinyAsset.ts'
import { until } from '../support/forewarnProcess.ts'
import { LoadPublisher, type Message } from '../support/loadPublisher.ts'

/*
 * A model that has learnt the wrong way round challenges a sound one · presses stream, eight of them to their failure ·
 * the challenger's scores are kept, nothing follows from them · it is compared, and refused.
 */
const failing = 8
const sound = 8
const slots = 120
const folder = mkdtempSync(join(tmpdir(), 'forewarn-challenger-'))
const config = parseConfig({
  data: { folder: join(folder, 'data') },
  catalogue: { folder: join(folder, 'catalogue') },
  models: { folder: join(folder, 'models') },
  mqtt: { port: 0 },
  http: { port: 0 },
})
const registry = openModelRegistry({ config, clock: systemClock })
const by = { actor: 'ada', reason: 'a test' }
const start = Math.floor(Date.now() / press.cadenceMs) * press.cadenceMs - slots * press.cadenceMs
let journey: Journey
let worse: string

/** Worn presses told to be healthy, and healthy ones to fail. */
const turnedAround = (): TrainingLife[] =>
  pressLives().map((life) => ({
    ...life,
    rul: life.rul === null ? Float64Array.from({ length: slots }, (_, i) => slots - i) : null,
  }))

beforeAll(async () => {
  for (const part of ['catalogue', 'models']) mkdirSync(join(folder, part))
  writeFileSync(join(folder, 'catalogue', 'press.yaml'), JSON.stringify(press))
  const [good, bad] = [await pressArtifacts(1), await pressArtifacts(2, turnedAround())]
  cpSync(good, join(folder, 'models'), { recursive: true })
  worse = (await registry.register(press.name, join(bad, press.name), by)).hash
  await registry.decide(press.name, { action: 'challenged', hash: worse, ...by })
  for (const made of [good, bad]) rmSync(made, { recursive: true, force: true })
  journey = await startJourney({
    config,
    logger: pino({ level: 'silent' }),
    onFatal: (error) => {
      throw error
    },
  })
}, 90_000)

afterAll(async () => {
  await journey.close()
  rmSync(folder, { recursive: true, force: true })
})

function messages(): Message[] {
  const lives = Array.from({ length: failing + sound }, (_, i) =>
    pressLife(500 + i, slots, i < failing ? slots : undefined),
  )
  return Array.from({ length: slots }, (_, slot) => slot).flatMap((slot) =>
    lives.map((life, i) => {
      const [device, time] = [`press-${i}`, start + slot * press.cadenceMs]
      const values = Object.fromEntries(press.channels.map(({ name }, c) => [name, life.values[c]![slot]!]))
      const payload = JSON.stringify({ time, seq: slot, values })
      return { device, time, topic: `forewarn/hall/press/${device}/telemetry`, payload }
    }),
  )
}

it('a worse challenger scores in the shadow, is compared on what came true, and refused', async () => {
  const api = createApiClient(config, { url: journey.httpUrl })
  const compared = async () =>
    (await api.get<ComparisonAnswer>(`/api/models/${press.name}/comparison`)).comparison!
  const publisher = new LoadPublisher(messages(), 50)
  await publisher.run(`mqtt://127.0.0.1:${journey.mqttPort}`, AbortSignal.timeout(60_000))
  const windows = (failing + sound) * (slots - press.window.minimum + 1)
  await until(
    async () => ({ scored: journey.scored(), ...(await journey.summary()) }),
    ({ scored, log, queue }) =>
      scored >= windows &&
      Object.values(log.behind).every((n) => n === 0) &&
      queue.waiting + queue.active === 0,
    60_000,
  )
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
  expect((await registry.inForce(press.name)).champion).not.toBe(worse)
  const refused = await api.post<ModelDecision>(`/api/models/${press.name}/promote`, { ...by, force: true })
  expect(refused).toMatchObject({ action: 'promoted', reason: 'forced: a test' })
  expect(refused.figures!.gain).toBeLessThan(0)
  await api.post(`/api/models/${press.name}/rollback`, by)
}, 180_000)
