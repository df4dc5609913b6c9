import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ModelWatch } from '../../alerts/http/schemas/models.ts'
import { type Journey, startJourney } from '../../app/journey.ts'
import { parseConfig } from '../../core/config.ts'
import { press, pressArtifacts, pressLife } from '../properties/tinyAsset.ts'
import { getJson, until } from '../support/forewarnProcess.ts'
import { LoadPublisher, type Message } from '../support/loadPublisher.ts'

/*
 * Five presses run as those that trained: nothing drifts · then the thermometer of the fourth one wanders off, a degree in
 * ten minutes: that press is named, and its channel.
 */
const presses = 5
const slots = 480
const wanders = 'press-3'
const from = 240
const folder = mkdtempSync(join(tmpdir(), 'forewarn-drift-'))
let journey: Journey

beforeAll(async () => {
  for (const part of ['catalogue', 'models']) mkdirSync(join(folder, part))
  writeFileSync(join(folder, 'catalogue', 'press.yaml'), JSON.stringify(press))
  const made = await pressArtifacts(1)
  cpSync(made, join(folder, 'models'), { recursive: true })
  rmSync(made, { recursive: true, force: true })
  journey = await startJourney({
    config: parseConfig({
      data: { folder: join(folder, 'data') },
      catalogue: { folder: join(folder, 'catalogue') },
      models: { folder: join(folder, 'models') },
      mqtt: { port: 0 },
      http: { port: 0 },
    }),
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

const start = Math.floor(Date.now() / press.cadenceMs) * press.cadenceMs - slots * press.cadenceMs
const lives = Array.from({ length: presses }, (_, i) => pressLife(700 + i, slots))

function messages(first: number, behind: number): Message[] {
  return Array.from({ length: behind - first }, (_, i) => first + i).flatMap((slot) =>
    lives.map((life, i) => {
      const [device, time] = [`press-${i}`, start + slot * press.cadenceMs]
      const [force, heat, speed] = life.values.map((column) => column[slot]!)
      const wandered = device === wanders ? heat! + Math.max(0, (slot - from) / 10) : heat!
      const payload = JSON.stringify({ time, seq: slot, values: { force, heat: wandered, speed } })
      return { device, time, topic: `forewarn/hall/press/${device}/telemetry`, payload }
    }),
  )
}

/** What the fading count of the watch comes to after so many windows. */
function countAfter(windows: number): number {
  const fade = 0.5 ** (1 / 5_000)
  return Math.floor((1 - fade ** windows) / (1 - fade))
}

async function driftAfter(some: readonly Message[], slotsSoFar: number) {
  const publisher = new LoadPublisher(some, 50)
  await publisher.run(`mqtt://127.0.0.1:${journey.mqttPort}`, AbortSignal.timeout(60_000))
  const expected = countAfter(presses * (slotsSoFar - press.window.minimum + 1))
  return until(
    async () => (await getJson<ModelWatch>(`${journey.httpUrl}/api/models/${press.name}/watch`)).drift!,
    ({ windows }) => windows >= expected - 1,
    60_000,
  )
}

it('names the device whose sensor drifts, and the channel', async () => {
  const before = await driftAfter(messages(0, from), from)
  expect(before.windows).toBeGreaterThan(900)
  expect(before).toMatchObject({ drifting: [], devices: [] })

  const after = await driftAfter(messages(from, slots), slots)
  expect(after.devices.map(({ device, channel }) => [device, channel])).toEqual([[wanders, 'heat']])
  expect(after.devices[0]!.shift).toBeGreaterThan(3)
  expect(after.channels[0]!.stabilityIndex).toBeGreaterThan(before.channels[0]!.stabilityIndex)
}, 180_000)
