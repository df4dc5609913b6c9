import { afterAll, beforeAll, expect, it } from 'vitest'
import { press } from '../properties/tinyAsset.ts'
import { type PolicyPlant, policyPlant } from '../support/policyPlant.ts'

/*
 * 00:00 two presses run sound · 00:20 both look worn: press-1 in enough windows, a ticket; press-2 in one window too few ·
 * forewarn ends, and is started again · one more window: press-2 has its ticket, press-1 no second one · started again, both are
 * sound: the alarms that stood clear, each once.
 */
let plant: PolicyPlant
beforeAll(async () => {
  plant = await policyPlant()
}, 300_000)
afterAll(() => plant.close())

it('a restart in mid-alarm opens no second ticket and forgets none', async () => {
  const { k } = plant.config.policy
  const over = async (device: string) => (await plant.why(device)).alarm!.over
  await plant.run({ 'press-1': 'sound', 'press-2': 'sound' }, 20)
  await plant.run({ 'press-1': 'worn', 'press-2': 'sound' }, 8)
  for (let slot = 0; (await over('press-2')) < k - 1; slot++) {
    expect(slot).toBeLessThan(12)
    await plant.run({ 'press-1': 'worn', 'press-2': 'worn' }, 1)
  }
  expect(await plant.tickets()).toEqual(['press-1 worn_die open'])
  const before = await plant.why('press-1')

  await plant.restart()
  const after = await plant.why('press-1')
  expect(after.alarm).toEqual(before.alarm)
  expect(after.runs).toEqual(before.runs)
  await plant.run({ 'press-1': 'worn', 'press-2': 'worn' }, 1)
  expect(await plant.tickets()).toEqual(['press-1 worn_die open', 'press-2 worn_die open'])

  await plant.restart()
  await plant.run({ 'press-1': 'sound', 'press-2': 'sound' }, press.window.length + 8)
  for (const device of ['press-1', 'press-2']) {
    const { alarm, runs } = await plant.why(device)
    expect(alarm!.raised).toBe(false)
    expect(runs.filter(({ kind }) => kind === 'raise')).toHaveLength(1)
    expect(runs.filter(({ kind }) => kind === 'clear')).toHaveLength(1)
  }
  expect(await plant.tickets()).toEqual(['press-1 worn_die open', 'press-2 worn_die open'])
}, 90_000)
