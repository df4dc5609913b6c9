import { afterAll, beforeAll, expect, it } from 'vitest'
import type { MaintenanceView } from '../../alerts/http/schemas/maintenance.ts'
import { runBacktest } from '../../app/backtest/backtest.ts'
import { readRecording } from '../../app/backtest/sources.ts'
import { openModelRegistry } from '../../app/roles/models.ts'
import { systemClock } from '../../core/clock.ts'
import { press } from '../properties/tinyAsset.ts'
import { type PolicyPlant, policyPlant } from '../support/policyPlant.ts'

/*
 * 00:00 two presses run sound · 00:20 the hall is worked on until 01:20, registered beforehand: press-1 measures what a worn
 * one does, no ticket · 00:32 the work ends early: three windows later there is a ticket · 00:40 press-1 is serviced, and
 * measures sound values meanwhile: its alarm is held, not cleared · 00:50 a planned stop of press-2, told as a life event:
 * worn values, no ticket; it is repaired, and goes on sound · forewarn stops: the backtest of what is stored knows of all this.
 */
let plant: PolicyPlant
beforeAll(async () => {
  plant = await policyPlant({ policy: { plannedStopHours: 0.5 } })
}, 60_000)
afterAll(() => plant.close())

const minute = press.cadenceMs

it('mutes while machines are worked on, live and in the backtest', async () => {
  await plant.run({ 'press-1': 'sound', 'press-2': 'sound' }, 20)
  const work = { scope: 'site', of: 'hall', reason: 'floor is mended', actor: 'Ines' }
  const times = { from: plant.now(), to: plant.now() + 60 * minute }
  const { id } = await plant.api().post<MaintenanceView>('/api/maintenance', { ...work, ...times })
  await plant.run({ 'press-1': 'worn', 'press-2': 'sound' }, 12)
  expect(await plant.tickets()).toEqual([])
  const muted = await plant.why('press-1')
  expect(muted.answer).toContain('muted by maintenance (floor is mended) until')
  expect(muted.runs[0]).toMatchObject({
    reason: 'muted',
    windows: 12,
    detail: `maintenance ${id}: floor is mended`,
  })

  await plant.api().post(`/api/maintenance/${id}/end`, { actor: 'Ines', at: plant.now() })
  await plant.run({ 'press-1': 'worn', 'press-2': 'sound' }, 2)
  expect(await plant.tickets()).toEqual([])
  await plant.run({ 'press-1': 'worn', 'press-2': 'sound' }, 6)
  expect(await plant.tickets()).toEqual(['press-1 worn_die open'])

  const service = { scope: 'device', of: 'press-1', reason: 'oil change', actor: 'Ines' }
  const during = { from: plant.now(), to: plant.now() + 10 * minute }
  await plant.api().post('/api/maintenance', { ...service, ...during })
  await plant.run({ 'press-1': 'sound', 'press-2': 'sound' }, 10)
  const held = await plant.why('press-1')
  expect(held.alarm).toMatchObject({ raised: true, over: 4 })
  expect(held.runs[0]).toMatchObject({ reason: 'muted', windows: 10 })
  await plant.run({ 'press-1': 'sound', 'press-2': 'sound' }, press.window.length)
  const cleared = (await plant.why('press-1')).runs.filter(({ kind }) => kind === 'clear')
  expect(cleared.map(({ reason }) => reason)).toEqual(['all_calm'])

  const tell = (kind: string) => plant.api().post('/api/devices/press-2/events', { kind })
  await tell('planned_stop')
  await plant.run({ 'press-2': 'worn' }, 12)
  expect((await plant.why('press-2')).answer).toContain('muted by a planned stop until')
  await tell('repaired')
  await plant.run({ 'press-2': 'sound' }, press.window.length + 4)
  expect((await plant.why('press-2')).runs.map(({ reason }) => reason)).toEqual([
    'below_threshold',
    're_baselining',
    'muted',
    'below_threshold',
    'muted',
    'below_threshold',
  ])
  expect(await plant.tickets()).toEqual(['press-1 worn_die open'])
  const [opened] = (await plant.ticket(1)).history
  await plant.stop()

  const { config } = plant
  const recording = await readRecording(press, { from: 'store', config, seed: 1 })
  const registry = openModelRegistry({ config, clock: systemClock })
  const modelFolder = await registry.folderOf(press.name, (await registry.inForce(press.name)).champion!)
  // Did it not know of the work, the ticket would come while the floor was mended.
  const again = await runBacktest({
    type: press,
    source: recording.name,
    histories: recording.histories,
    maintenance: recording.maintenance,
    modelFolder,
    policy: config.policy,
    planner: 'recorded',
  })
  expect(again.tickets.map(({ device, openedAt }) => [device, openedAt])).toEqual([
    ['press-1', opened!.detail.windowEnd],
  ])
}, 90_000)
