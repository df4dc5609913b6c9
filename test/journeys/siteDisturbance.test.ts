import { afterAll, beforeAll, expect, it } from 'vitest'
import { press } from '../properties/tinyAsset.ts'
import { type Condition, type PolicyPlant, policyPlant } from '../support/policyPlant.ts'

/*
 * 00:00 six presses of a hall run sound · 00:20 the voltage dips: three of them show wear, three tickets · forewarn is started
 * again in the middle of it · 00:28 the other three follow: one ticket lists all six, the three are withdrawn with a reference ·
 * 00:36 the voltage is back, the alarms clear · 01:16 press-2 really fails, while the disturbance is still open: a ticket of its
 * own · the disturbance is resolved; press-3 fails, too: that is no disturbance.
 */
let plant: PolicyPlant
beforeAll(async () => {
  plant = await policyPlant({ policy: { disturbance: { withinMinutes: 15 } } })
}, 300_000)
afterAll(() => plant.close())

const hall = ['press-1', 'press-2', 'press-3', 'press-4', 'press-5', 'press-6']
const conditions = (worn: readonly string[]) =>
  Object.fromEntries(
    hall.map((device): [string, Condition] => [device, worn.includes(device) ? 'worn' : 'sound']),
  )

it('a storm across a site is one ticket, and what fails later has its own', async () => {
  await plant.run(conditions([]), 20)
  const first = hall.slice(0, 3)
  await plant.run(conditions(first), 8)
  expect((await plant.tickets()).sort()).toEqual(first.map((device) => `${device} worn_die open`))

  await plant.restart()
  await plant.run(conditions(hall), 8)
  const all = await plant.journey().tickets.list()
  const open = all.filter(({ state }) => state === 'open')
  expect(open.map(({ mode }) => mode)).toEqual(['disturbance'])
  expect(open[0]!.prediction.disturbance).toEqual({ site: 'hall', devices: hall })
  const withdrawn = all.filter(({ state }) => state === 'withdrawn').map(({ device }) => device)
  expect(withdrawn.sort()).toEqual(first)
  const { history } = await plant.ticket(1)
  expect(history.at(-1)).toMatchObject({ kind: 'withdrawn', detail: { ticket: open[0]!.id } })
  expect((await plant.why('press-5')).answer).toContain(`There is one: ticket ${open[0]!.id} (disturbance)`)

  await plant.run(conditions([]), press.window.length + 24)
  for (const device of hall) expect((await plant.why(device)).alarm!.raised).toBe(false)
  await plant.run(conditions(['press-2']), 8)
  const unfinished = async () => (await plant.tickets()).filter((ticket) => ticket.endsWith(' open'))
  expect(await unfinished()).toEqual([`${open[0]!.device} disturbance open`, 'press-2 worn_die open'])

  const { version } = (await plant.ticket(open[0]!.id)).ticket
  await plant
    .api()
    .post(`/api/tickets/${open[0]!.id}/resolve`, { actor: 'Ines', version, verdict: 'no_fault_found' })
  await plant.run(conditions(['press-2', 'press-3']), 8)
  expect(await unfinished()).toEqual(['press-2 worn_die open', 'press-3 worn_die open'])
}, 90_000)
