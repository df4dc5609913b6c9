import { expect, it } from 'vitest'
import { ManualClock } from '../core/clock.ts'
import type { LifeEvent } from '../core/device.ts'
import type { ReadingBatch } from '../core/reading.ts'
import type { Ticket } from '../core/ticket.ts'
import { createConfirmedRepair } from './confirmedRepair.ts'

const ticket = (verdict: Ticket['verdict']) =>
  ({ id: 17, device: 'P-1', assetType: 'pump', verdict, prediction: { windowEnd: 1_000 } }) as Ticket

function setup({ told = [], newest }: { told?: LifeEvent[]; newest?: number }) {
  const recorded: LifeEvent[] = []
  const time = Float64Array.from(newest === undefined ? [] : [newest])
  const resolved = createConfirmedRepair({
    register: { events: async () => told },
    telemetry: { window: async () => ({ time }) as ReadingBatch },
    lifeEvent: async (event) => void recorded.push(event),
    clock: new ManualClock(5_000),
  })
  return { resolved, recorded }
}

it('takes a confirmed fault for repaired as of the newest reading', async () => {
  const { resolved, recorded } = setup({ newest: 4_000 })
  await resolved(ticket('confirmed'), 'resolved')
  expect(recorded).toEqual([
    { device: 'P-1', time: 4_000, kind: 'repaired', detail: 'ticket 17 was resolved as confirmed' },
  ])
})

it('ends the alarm of the deciding window also where the store has nothing newer', async () => {
  const { resolved, recorded } = setup({})
  await resolved(ticket('confirmed'), 'resolved')
  expect(recorded.map((e) => e.time)).toEqual([1_000])
})

it('leaves the alarm alone for other verdicts and other changes', async () => {
  const { resolved, recorded } = setup({ newest: 4_000 })
  await resolved(ticket('no_fault_found'), 'resolved')
  await resolved(ticket('not_inspected'), 'resolved')
  await resolved(ticket('confirmed'), 'closed')
  await resolved(ticket('confirmed'), 'commented')
  expect(recorded).toEqual([])
})

it('adds nothing to a repair that was told since the deciding window, but to an older one', async () => {
  const repair = (time: number): LifeEvent => ({ device: 'P-1', time, kind: 'repaired', detail: '' })
  const since = setup({ told: [repair(2_000)], newest: 4_000 })
  await since.resolved(ticket('confirmed'), 'resolved')
  expect(since.recorded).toEqual([])
  const before = setup({ told: [repair(500), { ...repair(2_000), kind: 'failed' }], newest: 4_000 })
  await before.resolved(ticket('confirmed'), 'resolved')
  expect(before.recorded).toHaveLength(1)
})
