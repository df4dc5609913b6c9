import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ScoreList } from '../../alerts/http/schemas/scores.ts'
import type { Journey } from '../../app/journey.ts'
import { press, pressLife } from '../properties/tinyAsset.ts'
import { getJson, until } from '../support/forewarnProcess.ts'
import { LoadPublisher } from '../support/loadPublisher.ts'
import { by, numbered, type PressPlant, pressMessages, pressPlant, startOf } from '../support/pressPlant.ts'
import { scoredAndDone, startQuietly } from '../support/quietJourney.ts'

/*
 * 09:00 twenty presses stream · a new model challenges, is promoted, rolled back and promoted again while they do ·
 * afterwards every window of every press has exactly one score that counts.
 */
const presses = 20
const slots = 240
let plant: PressPlant
let [first, second]: string[] = []
let journey: Journey

beforeAll(async () => {
  plant = pressPlant()
  await plant.install(1)
  second = await plant.register(2)
  first = (await plant.registry.inForce(press.name)).champion!
  journey = await startQuietly(plant.config)
}, 180_000)

afterAll(async () => {
  await journey.close()
  plant.remove()
})

const lives = numbered(Array.from({ length: presses }, (_, i) => pressLife(i, slots)))

/** Artifacts of this role in the running scorer. */
const artifacts = async (role: 'champion' | 'challenger') =>
  (await journey.summary()).scoring.models.filter((m) => m.role === role).map((m) => m.hash)

/** Waits until the running scorer has taken a decision over. */
const follows = (role: 'champion' | 'challenger', hashes: readonly string[]) =>
  until(
    () => artifacts(role),
    (now) => now.join() === hashes.join(),
    20_000,
  )

it('promotes and rolls back under load without losing a window or scoring one twice', async () => {
  const { registry } = plant
  const publisher = new LoadPublisher(pressMessages(lives, startOf(slots), 0, slots), 4, 10)
  const publishing = publisher.run(journey.mqttUrl, AbortSignal.timeout(120_000))
  const old = await artifacts('champion')
  await registry.decide(press.name, { action: 'challenged', hash: second!, ...by })
  const next = await until(
    () => artifacts('challenger'),
    (found) => found.length === 2,
    20_000,
  )
  await registry.decide(press.name, { action: 'promoted', hash: second!, ...by })
  await follows('champion', next)
  await registry.decide(press.name, { action: 'rolled_back', ...by })
  await follows('champion', old)
  await registry.decide(press.name, { action: 'promoted', hash: second!, ...by })
  await follows('champion', next)
  await publishing
  expect(publisher.acknowledged.size).toBe(slots * presses)
  await scoredAndDone(journey, presses * (slots - press.window.minimum + 1))

  const used = new Map<string, number>()
  for (let i = 0; i < presses; i++) {
    const read = (role: string) =>
      getJson<ScoreList>(
        `${journey.httpUrl}/api/devices/press-${i}/scores?role=${role}&from=0&to=${Date.now()}&limit=10000`,
      )
    const { scores } = await read('champion')
    expect(scores.length).toBe(slots - press.window.minimum + 1)
    expect(new Set(scores.map((s) => s.windowEnd)).size).toBe(scores.length)
    for (const { model } of scores) used.set(model, (used.get(model) ?? 0) + 1)
    const shadow = (await read('challenger')).scores
    expect(shadow.length).toBeGreaterThan(0)
    expect(new Set(shadow.map((s) => s.model))).toEqual(new Set([second]))
  }
  expect([...used.keys()].sort()).toEqual([first, second].sort())
  const history = await registry.decisions(press.name)
  expect(history.map((d) => d.action)).toEqual([
    'registered',
    'registered',
    'challenged',
    'promoted',
    'rolled_back',
    'promoted',
  ])
}, 180_000)
