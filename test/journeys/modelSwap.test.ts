import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ScoreList } from '../../alerts/http/schemas/scores.ts'
import { type Journey, startJourney } from '../../app/journey.ts'
import { openModelRegistry } from '../../app/roles/models.ts'
import { systemClock } from '../../core/clock.ts'
import { parseConfig } from '../../core/config.ts'
import { press, pressArtifacts, pressLife } from '../properties/tinyAsset.ts'
import { getJson, until } from '../support/forewarnProcess.ts'
import { LoadPublisher, type Message } from '../support/loadPublisher.ts'

/*
 * 09:00 twenty presses stream · a new model challenges, is promoted, rolled back and promoted again while they do ·
 * afterwards every window of every press has exactly one score that counts.
 */
const presses = 20
const slots = 240
const folder = mkdtempSync(join(tmpdir(), 'forewarn-swap-'))
let [first, second]: string[] = []
let journey: Journey

const config = parseConfig({
  data: { folder: join(folder, 'data') },
  catalogue: { folder: join(folder, 'catalogue') },
  models: { folder: join(folder, 'models') },
  mqtt: { port: 0 },
  http: { port: 0 },
})
const registry = openModelRegistry({ config, clock: systemClock })

beforeAll(async () => {
  for (const part of ['catalogue', 'models']) mkdirSync(join(folder, part))
  writeFileSync(join(folder, 'catalogue', 'press.yaml'), JSON.stringify(press))
  const [present, next] = [await pressArtifacts(1), await pressArtifacts(2)]
  cpSync(present, join(folder, 'models'), { recursive: true })
  const by = { actor: 'ada', reason: 'trained on last month' }
  second = (await registry.register(press.name, join(next, press.name), by)).hash
  first = (await registry.inForce(press.name)).champion!
  for (const made of [present, next]) rmSync(made, { recursive: true, force: true })
  journey = await startJourney({
    config,
    logger: pino({ level: 'silent' }),
    onFatal: (error) => {
      throw error
    },
  })
}, 60_000)

afterAll(async () => {
  await journey.close()
  rmSync(folder, { recursive: true, force: true })
})

function messages(): Message[] {
  const start = Math.floor(Date.now() / press.cadenceMs) * press.cadenceMs - slots * press.cadenceMs
  const lives = Array.from({ length: presses }, (_, i) => pressLife(i, slots).values)
  return Array.from({ length: slots * presses }, (_, i) => {
    const [slot, device, time] = [
      Math.floor(i / presses),
      `press-${i % presses}`,
      start + Math.floor(i / presses) * press.cadenceMs,
    ]
    const values = Object.fromEntries(
      press.channels.map(({ name }, c) => [name, lives[i % presses]![c]![slot]!]),
    )
    const topic = `forewarn/hall/press/${device}/telemetry`
    return { device, time, topic, payload: JSON.stringify({ time, seq: slot, values }) }
  })
}

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
  const by = { actor: 'ada', reason: 'as agreed' }
  const publisher = new LoadPublisher(messages(), 4, 10)
  const publishing = publisher.run(`mqtt://127.0.0.1:${journey.mqttPort}`, AbortSignal.timeout(120_000))
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
  const windows = presses * (slots - press.window.minimum + 1)
  await until(
    async () => ({ scored: journey.scored(), behind: (await journey.summary()).log.behind }),
    ({ scored, behind }) => scored >= windows && Object.values(behind).every((n) => n === 0),
    30_000,
  )

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
