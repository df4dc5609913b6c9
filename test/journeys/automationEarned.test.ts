import { afterAll, beforeAll, expect, it } from 'vitest'
import type { PolicyAnswer } from '../../alerts/http/schemas/policy.ts'
import { until } from '../support/forewarnProcess.ts'
import { type PolicyPlant, policyPlant } from '../support/policyPlant.ts'

/*
 * A new plant begins in the shadow. 00:00 five presses run sound · 00:20 four of them wear: no ticket, but each alarm is
 * remembered · 00:32 forewarn is started anew · two presses fail, one is repaired: three were right, the fourth nobody knows
 * yet · seconds later tickets of worn dies suggest · 00:32 the fifth press wears: a ticket that waits for the planner.
 */
let plant: PolicyPlant
beforeAll(async () => {
  plant = await policyPlant({
    policy: { automation: { start: 'shadow', least: 3, promoteAt: 0.6 }, disturbance: { devices: 100 } },
  })
}, 180_000)
afterAll(() => plant.close())

const policy = () => plant.api().get<PolicyAnswer>('/api/policy')
const wornDie = ({ types }: PolicyAnswer) => types[0]!.automation.find(({ mode }) => mode === 'worn_die')!

it('a failure mode earns tickets by what becomes of the machines', async () => {
  const presses = ['press-1', 'press-2', 'press-3', 'press-4']
  const all = (condition: 'sound' | 'worn') => Object.fromEntries(presses.map((press) => [press, condition]))
  await plant.run({ ...all('sound'), 'press-5': 'sound' }, 20)
  await plant.run({ ...all('worn'), 'press-5': 'sound' }, 12)
  expect(await plant.tickets()).toEqual([])
  const why = await plant.why('press-1')
  expect(why.answer).toContain(
    '(worn die) was raised in the shadow: alarms of this kind have not earned tickets yet',
  )
  expect(why.runs.find(({ reason }) => reason === 'shadow')).toMatchObject({ detail: 'worn_die' })

  await plant.restart()
  const tell = (press: string, kind: string) => plant.api().post(`/api/devices/${press}/events`, { kind })
  await tell('press-1', 'failed')
  await tell('press-2', 'repaired')
  expect(wornDie(await policy())).toMatchObject({ level: 'shadow', right: 2, wrong: 0, change: null })
  await tell('press-3', 'failed')
  const earned = await until(policy, (answer) => wornDie(answer).level !== 'shadow', 20_000)
  expect(wornDie(earned)).toMatchObject({
    level: 'suggest',
    change: { actor: 'policy', figures: { right: 3, wrong: 0 } },
  })

  await plant.run({ 'press-5': 'worn' }, 12)
  expect(await plant.tickets()).toEqual(['press-5 worn_die open'])
  expect((await plant.ticket(1)).ticket).toMatchObject({
    automation: 'suggest',
    prediction: { automation: 'suggest' },
  })
}, 180_000)
