import { afterAll, beforeAll, expect, it } from 'vitest'
import { evidenceEvery } from '../../alerts/policy/policy.ts'
import { until } from '../support/forewarnProcess.ts'
import { type PolicyPlant, policyPlant } from '../support/policyPlant.ts'

/*
 * 00:00 a press runs sound · 00:20 it wears: a ticket · it wears on for half an hour: the ticket takes in fresh evidence, a
 * planner's form does not go stale · the suspicion changes, by a prediction that is put into the queue: the ticket is revised,
 * none is opened, and the form does.
 */
let plant: PolicyPlant
beforeAll(async () => {
  plant = await policyPlant()
}, 300_000)
afterAll(() => plant.close())

it('evidence is merged into the open ticket, a changed suspicion revises it', async () => {
  const device = 'press-1'
  await plant.run({ [device]: 'sound' }, 20)
  await plant.run({ [device]: 'worn' }, 8)
  const { ticket: opened } = await plant.ticket(1)
  await plant.run({ [device]: 'worn' }, 5 * evidenceEvery)
  const { ticket: merged, history } = await plant.ticket(1)
  expect(history.map(({ kind }) => kind)).toEqual(['opened', ...Array.from({ length: 5 }, () => 'merged')])
  expect(merged).toMatchObject({ predictions: 6, version: opened.version, mode: 'worn_die' })
  expect(merged.prediction.windowEnd).toBeGreaterThan(opened.prediction.windowEnd)
  expect(merged.prediction.raisedAt).toBe(opened.prediction.raisedAt)

  const { prediction } = merged
  await plant.journey().queue.add({
    ...prediction,
    id: `${prediction.id} revised`,
    windowEnd: prediction.windowEnd + 1,
    mode: 'unknown',
    reason: 'mode_changed',
  })
  const { ticket: revised } = await until(
    () => plant.ticket(1),
    ({ ticket }) => ticket.mode === 'unknown',
    10_000,
  )
  expect(revised).toMatchObject({ predictions: 7, version: opened.version + 1 })
  expect(await plant.tickets()).toEqual(['press-1 unknown open'])
  const stale = { actor: 'Ines', version: opened.version }
  await expect(plant.api().post('/api/tickets/1/acknowledge', stale)).rejects.toMatchObject({
    code: 'TICKET_STALE',
  })
}, 90_000)
