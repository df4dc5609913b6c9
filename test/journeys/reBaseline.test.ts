import { afterAll, beforeAll, expect, it } from 'vitest'
import { press } from '../properties/tinyAsset.ts'
import { type PolicyPlant, policyPlant } from '../support/policyPlant.ts'

/*
 * 00:00 a press runs sound · 00:20 it wears, a ticket opens · 00:32 the toolmaker tells the repair and resolves the ticket,
 * but the new die is as bad as the old one · until 00:47 every window still holds readings from before the repair: none
 * counts · 00:50 three windows of the new die alone: the second ticket.
 */
let plant: PolicyPlant
beforeAll(async () => {
  plant = await policyPlant()
}, 60_000)
afterAll(() => plant.close())

it('a repaired press is judged by its new readings alone', async () => {
  const device = 'press-1'
  await plant.run({ [device]: 'sound' }, 20)
  await plant.run({ [device]: 'worn' }, 12)
  expect(await plant.tickets()).toEqual(['press-1 worn_die open'])

  const repair = { kind: 'repaired', detail: 'new die' }
  const { time } = await plant.api().post<{ time: number }>(`/api/devices/${device}/events`, repair)
  expect(time).toBe(plant.now() - press.cadenceMs)
  const { ticket } = await plant.ticket(1)
  const verdict = { verdict: 'confirmed', verdictMode: 'worn_die', version: ticket.version }
  await plant.api().post('/api/tickets/1/resolve', { actor: 'Ines', ...verdict })

  await plant.run({ [device]: 'worn' }, press.window.length - 1)
  const between = await plant.why(device)
  expect(between.answer).toContain('its windows still hold readings from before')
  expect(between.runs[0]).toMatchObject({ reason: 're_baselining', windows: press.window.length - 1 })
  expect(between.runs[1]).toMatchObject({ kind: 'clear', reason: 'renewed', windows: 0 })
  expect(await plant.tickets()).toHaveLength(1)

  await plant.run({ [device]: 'worn' }, plant.config.policy.k - 1)
  expect(await plant.tickets()).toHaveLength(1)
  await plant.run({ [device]: 'worn' }, 1)
  expect(await plant.tickets()).toEqual(['press-1 worn_die resolved', 'press-1 worn_die open'])
  const { prediction } = (await plant.ticket(2)).ticket
  expect(prediction.evidence.times[0]).toBeGreaterThan(time)
}, 60_000)
