import { beforeAll, describe, expect, it } from 'vitest'
import { catalogue } from '../../alerts/http/testing/fixtures.ts'
import { createAssess } from '../../core/assessment.ts'
import { parseConfig } from '../../core/config.ts'
import type { DeviceRegister, TicketQuery } from '../../core/ports.ts'
import type { TicketStoreUnderTest } from './tickets.suite.ts'
import { predictionOf } from './ticketsPredictions.ts'

/** How the stores under test say what a prediction means: by the pump of the tests, around the clock. */
export const assess = createAssess({
  catalogue,
  calendar: parseConfig({ calendar: { timeZone: 'UTC' } }).calendar,
})

export interface PlanningUnderTest extends Pick<TicketStoreUnderTest, 'store' | 'clock' | 'told'> {
  readonly register: DeviceRegister
  /** As an engineer would in the register. */
  setDevice(device: string, values: { criticality?: 'low' | 'high'; usage_per_day?: number }): Promise<void>
}

let devices = 0
const hourMs = 3_600_000

/** How pressing tickets are and until when to act. */
export function ticketPlanningContract(name: string, make: () => Promise<PlanningUnderTest>): void {
  describe(`planning of tickets: ${name}`, () => {
    let test: PlanningUnderTest
    beforeAll(async () => {
      test = await make()
    })

    async function raise(device = `planned-${++devices}`, changes = {}) {
      const prediction = predictionOf({ device, ...changes })
      const { site, assetType } = prediction
      await test.register.seen([{ device, site, assetType, firstSeen: 0 }])
      return (await test.store.raise(prediction)).ticket
    }

    it('is assessed when it opens, with the numbers of register and catalogue', async () => {
      const ticket = await raise()
      const { windowEnd, rul } = ticket.prediction
      expect(ticket.priority).toMatchObject({
        level: 'urgent',
        consequence: 10,
        probability: 0.83,
        weight: 1,
      })
      expect(ticket.actBy).toMatchObject({
        earlyEnd: windowEnd + rul.p05 * hourMs,
        usagePerDay: 24,
        lead: 12,
      })
      expect(ticket.actBy!.at).toBeLessThanOrEqual(windowEnd + (rul.p05 - 12) * hourMs)
      expect(await test.store.get(ticket.id)).toEqual(ticket)
    })

    it('follows the evidence that is merged into it, and the suspicion', async () => {
      const first = await raise()
      const later = await raise(first.device, {
        windowEnd: first.prediction.windowEnd + hourMs,
        raisedAt: first.prediction.raisedAt,
        failureProbability: 0.2,
        mode: 'unknown',
      })
      expect(later.id).toBe(first.id)
      expect(later.priority).toMatchObject({ level: 'normal', probability: 0.2, consequenceFrom: 'type' })
      expect(later.actBy!.earlyEnd).toBe(first.actBy!.earlyEnd + hourMs)
    })

    it('is assessed anew when the register changes; a finished one keeps what it was worked on with', async () => {
      const [open, done] = [await raise(), await raise()]
      const verdict = { to: 'resolved', actor: 'Ada', version: 1, verdict: 'no_fault_found' } as const
      await test.store.change(done.id, verdict)
      for (const { device } of [open, done]) {
        await test.setDevice(device, { criticality: 'low', usage_per_day: 12 })
      }
      test.told.length = 0
      expect(await test.store.reassess()).toBe(1)
      expect(test.told).toMatchObject([{ ticket: { id: open.id }, change: 'reassessed' }])
      const after = await test.store.get(open.id)
      expect(after).toMatchObject({ version: 1, priority: { criticality: 'low', weight: 0.5 } })
      expect(after.actBy).toMatchObject({ usagePerDay: 12 })
      expect((await test.store.get(done.id)).priority).toEqual(done.priority)
      expect(await test.store.reassess()).toBe(0)
      expect(await test.store.reassess(open.device)).toBe(0)
    })

    it('is too late once the moment has passed, and no later than when it was finished', async () => {
      const ticket = await raise()
      expect(ticket.actBy!.tooLate).toBe(test.clock.now() > ticket.actBy!.at)
      const verdict = { to: 'resolved', actor: 'Ada', version: 1, verdict: 'no_fault_found' } as const
      const timely = await raise(undefined, { windowEnd: test.clock.now() + 1000 * hourMs })
      expect(timely.actBy!.tooLate).toBe(false)
      await test.store.change(timely.id, verdict)
      test.clock.advance(2000 * hourMs)
      expect((await test.store.get(timely.id)).actBy!.tooLate).toBe(false)
      expect((await test.store.get(ticket.id)).actBy!.tooLate).toBe(true)
    })

    describe('a planner’s list', () => {
      const site = 'hall-of-lists'
      let ids: number[]
      beforeAll(async () => {
        const of = (device: string, changes: object) => raise(device, { site, ...changes })
        const first = await of('list-a', {
          failureProbability: 0.6,
          rul: { p05: 90, p10: 90, p50: 90, p90: 96, p95: 96 },
        })
        const second = await of('list-b', { failureProbability: 0.9, mode: 'cavitation' })
        const third = await of('list_c', { failureProbability: 0.3, automation: 'suggest' })
        const fourth = await of('list-d', {
          failureProbability: 0.95,
          rul: { p05: 1, p10: 2, p50: 3, p90: 4, p95: 5 },
        })
        await test.store.change(fourth.id, {
          to: 'resolved',
          actor: 'Ada',
          version: 1,
          verdict: 'false_alarm',
        })
        await test.store.comment(second.id, 'Ada', 'smells of 50% burnt varnish')
        ids = [first, second, third, fourth].map(({ id }) => id)
      })
      const places = async (query: TicketQuery) => {
        const { tickets, total } = await test.store.page({ sites: [site], ...query })
        return [tickets.map(({ id }) => ids.indexOf(id)), total]
      }

      it('is chosen by whatever a ticket says of itself', async () => {
        expect(await places({})).toEqual([[3, 2, 1, 0], 4])
        expect(await places({ states: ['open'] })).toEqual([[2, 1, 0], 3])
        expect(await places({ devices: ['list-a', 'list-b'], modes: ['cavitation'] })).toEqual([[1], 1])
        expect(await places({ priorities: ['urgent'] })).toEqual([[3, 1, 0], 3])
        expect(await places({ automations: ['suggest'] })).toEqual([[2], 1])
        expect(await places({ assetTypes: ['fan'] })).toEqual([[], 0])
        expect(await places({ states: [] })).toEqual([[], 0])
      })

      it('is searched by words in number, place, suspicion and notes; what means something to SQL is text', async () => {
        expect(await places({ search: 'bearing WEAR list-a' })).toEqual([[0], 1])
        expect(await places({ search: `#${ids[2]} hall` })).toEqual([[2], 1])
        expect(await places({ search: 'varnish' })).toEqual([[1], 1])
        expect(await places({ search: '50%' })).toEqual([[1], 1])
        expect(await places({ search: 't_c' })).toEqual([[2], 1])
        expect(await places({ search: 'ist%b' })).toEqual([[], 0])
        expect(await places({ search: "'; DROP TABLE forewarn.ticket; --" })).toEqual([[], 0])
      })

      it('is sorted as a planner works, what is finished behind the rest', async () => {
        expect(await places({ sort: 'priority' })).toEqual([[1, 0, 2, 3], 4])
        expect((await places({ sort: 'act_by' }))[0]).toEqual([1, 2, 0, 3])
        expect(await places({ sort: 'device', direction: 'desc' })).toEqual([[2, 3, 1, 0], 4])
        expect((await places({ sort: 'state' }))[0]).toEqual([0, 1, 2, 3])
      })

      it('comes page by page with the number of all, and whole in pieces', async () => {
        expect(await places({ limit: 2, offset: 1 })).toEqual([[2, 1], 4])
        expect(await places({ limit: 2, offset: 9 })).toEqual([[], 4])
        const seen: number[] = []
        for await (const piece of test.store.pieces({ sites: [site] }))
          seen.push(...piece.map(({ id }) => id))
        expect(seen).toEqual(ids.toReversed())
      })

      it('has everything of a ticket but its evidence', async () => {
        const { tickets } = await test.store.page({ devices: ['list-b'] })
        const { prediction, ...whole } = await test.store.get(ids[1]!)
        const { evidence: _evidence, ...told } = prediction
        expect(tickets).toEqual([{ ...whole, prediction: told }])
      })
    })
  })
}
