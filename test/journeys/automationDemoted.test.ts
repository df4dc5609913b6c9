import { afterAll, beforeAll, expect, it } from 'vitest'
import type { PolicyAnswer } from '../../alerts/http/schemas/policy.ts'
import { until } from '../support/forewarnProcess.ts'
import { type PolicyPlant, policyPlant } from '../support/policyPlant.ts'

/*
 * 00:00 five presses run sound · 00:20 four of them seem to wear, each has a ticket that may act by itself · 00:32 the
 * planner finds nothing on any of them · seconds later tickets of worn dies only suggest · 00:32 the fifth press seems to
 * wear: its ticket waits for the planner's word · the planner trusts the model for all that, and says why · 00:44 a sixth
 * press seems to wear: its ticket may act by itself again.
 */
let plant: PolicyPlant
beforeAll(async () => {
  plant = await policyPlant({ policy: { automation: { least: 4 }, disturbance: { devices: 100 } } })
}, 180_000)
afterAll(() => plant.close())

const policy = () => plant.api().get<PolicyAnswer>('/api/policy')
const wornDie = ({ types }: PolicyAnswer) => types[0]!.automation.find(({ mode }) => mode === 'worn_die')!
const automationOf = async (id: number) => (await plant.ticket(id)).ticket.automation

it('false alarms cost a failure mode its automation', async () => {
  const presses = ['press-1', 'press-2', 'press-3', 'press-4']
  const all = (condition: 'sound' | 'worn') => Object.fromEntries(presses.map((press) => [press, condition]))
  await plant.run({ ...all('sound'), 'press-5': 'sound', 'press-6': 'sound' }, 20)
  await plant.run({ ...all('worn'), 'press-5': 'sound', 'press-6': 'sound' }, 12)
  expect(await plant.tickets()).toHaveLength(4)
  expect(await automationOf(1)).toBe('automatic')

  for (const id of [1, 2, 3, 4]) {
    expect(wornDie(await policy()).level).toBe('automatic')
    const { version } = (await plant.ticket(id)).ticket
    await plant.api().post(`/api/tickets/${id}/resolve`, { actor: 'Ines', version, verdict: 'false_alarm' })
  }
  const after = await until(policy, (answer) => wornDie(answer).level !== 'automatic', 20_000)
  expect(wornDie(after)).toMatchObject({
    level: 'suggest',
    right: 0,
    wrong: 0,
    change: { actor: 'policy', figures: { right: 0, wrong: 4, lower: 0 } },
  })
  expect(after.history[0]!.reason).toBe(
    '0 of the last 4 were right: with 90 % confidence at least 0 %, which is below 50 %',
  )

  await plant.run({ 'press-5': 'worn', 'press-6': 'sound' }, 12)
  expect(await automationOf(5)).toBe('suggest')

  const trust = { actor: 'Ines', reason: 'the gauge of line 1 was loose', level: 'automatic' }
  await plant.api().put('/api/policy/automation/press/worn_die', trust)
  await plant.run({ 'press-6': 'worn' }, 12)
  expect(await automationOf(6)).toBe('automatic')
  expect((await policy()).history.map(({ actor }) => actor)).toEqual(['Ines', 'policy'])
}, 180_000)
