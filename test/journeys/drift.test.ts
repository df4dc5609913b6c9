import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ModelWatch } from '../../alerts/http/schemas/models.ts'
import type { Journey } from '../../app/journey.ts'
import { press, pressLife } from '../properties/tinyAsset.ts'
import { getJson, until } from '../support/forewarnProcess.ts'
import { numbered, type PressPlant, pressMessages, pressPlant, startOf } from '../support/pressPlant.ts'
import { publishAll, startQuietly } from '../support/quietJourney.ts'

/*
 * Five presses run as those that trained: nothing drifts · then the thermometer of the fourth one wanders off, a degree in
 * ten minutes: that press is named, and its channel.
 */
const presses = 5
const slots = 480
const wanders = 'press-3'
const from = 240
let plant: PressPlant
let journey: Journey

beforeAll(async () => {
  plant = pressPlant()
  await plant.install(1)
  journey = await startQuietly(plant.config)
}, 180_000)

afterAll(async () => {
  await journey.close()
  plant.remove()
})

const start = startOf(slots)
const lives = numbered(Array.from({ length: presses }, (_, i) => pressLife(700 + i, slots)))
const heat = lives[wanders]!.values[1]!
for (let slot = from; slot < slots; slot++) heat[slot]! += (slot - from) / 10

/** What the fading count of the watch comes to after so many windows. */
function countAfter(windows: number): number {
  const fade = 0.5 ** (1 / 5_000)
  return Math.floor((1 - fade ** windows) / (1 - fade))
}

async function driftAfter(first: number, behind: number) {
  await publishAll(journey, pressMessages(lives, start, first, behind))
  const expected = countAfter(presses * (behind - press.window.minimum + 1))
  return until(
    async () => (await getJson<ModelWatch>(`${journey.httpUrl}/api/models/${press.name}/watch`)).drift!,
    ({ windows }) => windows >= expected - 1,
    60_000,
  )
}

it('names the device whose sensor drifts, and the channel', async () => {
  const before = await driftAfter(0, from)
  expect(before.windows).toBeGreaterThan(900)
  expect(before).toMatchObject({ drifting: [], devices: [] })

  const after = await driftAfter(from, slots)
  expect(after.devices.map(({ device, channel }) => [device, channel])).toEqual([[wanders, 'heat']])
  expect(after.devices[0]!.shift).toBeGreaterThan(3)
  expect(after.channels[0]!.stabilityIndex).toBeGreaterThan(before.channels[0]!.stabilityIndex)
}, 180_000)
