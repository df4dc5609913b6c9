import { afterAll, beforeAll, expect, it } from 'vitest'
import { press } from '../properties/tinyAsset.ts'
import { type PolicyPlant, policyPlant } from '../support/policyPlant.ts'

/*
 * 00:00 a press runs sound · four times it looks worn for a minute or two, and sound again: no ticket, and it says why · then it
 * looks worn in k of n windows: one ticket · its score goes up and down between the two thresholds: still that one ticket ·
 * it is calm for n windows: the alarm clears, the ticket stays for its planner.
 */
let plant: PolicyPlant
beforeAll(async () => {
  plant = await policyPlant()
}, 300_000)
afterAll(() => plant.close())

const device = 'press-1'
const alarm = async () => (await plant.why(device)).alarm!

/** Looks worn until this many of the last n windows are over the threshold. */
async function wearUntil(over: number): Promise<void> {
  for (let slot = 0; (await alarm()).over < over; slot++) {
    expect(slot).toBeLessThan(12)
    await plant.run({ [device]: 'worn' }, 1)
  }
}

it('a flapping score opens nothing; k of n windows open one ticket, and hysteresis keeps it one', async () => {
  const { k, n } = plant.config.policy
  await plant.run({ [device]: 'sound' }, 20)
  for (let time = 0; time < 4; time++) {
    await wearUntil(1)
    await plant.run({ [device]: 'sound' }, press.window.length + n)
    expect(await alarm()).toMatchObject({ raised: false, over: 0 })
  }
  expect(await plant.tickets()).toEqual([])
  const { answer, runs } = await plant.why(device)
  expect(answer).toContain(`Because none of its last ${n} scored windows reached`)
  expect(runs.filter(({ reason }) => reason === 'not_persistent').length).toBeGreaterThanOrEqual(4)

  await wearUntil(k)
  expect(await plant.tickets()).toEqual(['press-1 worn_die open'])
  for (let time = 0; time < 4; time++) {
    await plant.run({ [device]: 'sound' }, 3)
    await plant.run({ [device]: 'worn' }, 3)
  }
  expect((await alarm()).raised).toBe(true)
  await plant.run({ [device]: 'sound' }, press.window.length + n)
  const cleared = await plant.why(device)
  expect(cleared.alarm!.raised).toBe(false)
  expect(cleared.runs.filter(({ kind }) => kind === 'raise')).toHaveLength(1)
  expect(await plant.tickets()).toEqual(['press-1 worn_die open'])
}, 90_000)
