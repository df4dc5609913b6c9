import { beforeAll, describe, expect, it } from 'vitest'
import { newAlarm } from '../../alerts/policy/alarm.ts'
import type { AlarmState, DeviceRegister } from '../../core/ports.ts'
import type { Prediction } from '../../core/ticket.ts'
import type { TicketStoreUnderTest } from './tickets.suite.ts'
import { predictionOf } from './ticketsPredictions.ts'

export interface TicketWorkUnderTest extends Pick<TicketStoreUnderTest, 'store' | 'clock' | 'told'> {
  readonly register: DeviceRegister
  readonly alarms: AlarmState
}

let devices = 0
const actor = 'Ada'

/** What planners and policy do to tickets beyond taking them from state to state. */
export function ticketWorkContract(name: string, make: () => Promise<TicketWorkUnderTest>): void {
  describe(`work on tickets: ${name}`, () => {
    let test: TicketWorkUnderTest
    beforeAll(async () => {
      test = await make()
    })

    const fresh = (changes: Partial<Prediction> = {}) =>
      predictionOf({ device: `worked-${++devices}`, ...changes })
    const next = (first: Prediction, changes: Partial<Prediction> = {}) => {
      const { device, raisedAt, windowEnd } = first
      return predictionOf({ device, raisedAt, windowEnd: windowEnd + 10_000, ...changes })
    }
    const open = async (prediction = fresh()) => (await test.store.raise(prediction)).ticket
    const resolve = (id: number, version: number) =>
      test.store.change(id, { to: 'resolved', actor, version, verdict: 'false_alarm' })
    const kinds = async (id: number) => (await test.store.history(id)).map(({ kind }) => kind)
    const disturbanceOf = (site: string, names: string[]) =>
      fresh({ device: `site:${site}`, site, mode: 'disturbance', disturbance: { site, devices: names } })

    describe('a stale edit', () => {
      it('is told who changed what meanwhile', async () => {
        const first = fresh()
        const { id } = await open(first)
        await test.store.change(id, { to: 'acknowledged', actor: 'Ben', version: 1 })
        await test.store.comment(id, 'Cleo', 'changes no version')
        await test.store.raise(next(first, { mode: 'cavitation' }))
        const stale = test.store.change(id, { to: 'in_progress', actor, version: 1 })
        await expect(stale).rejects.toMatchObject({
          code: 'TICKET_STALE',
          message: expect.stringMatching(/Ben: acknowledged, 20.* UTC; policy: revised, /),
          details: {
            changes: [
              { actor: 'Ben', kind: 'acknowledged' },
              { actor: 'policy', kind: 'revised' },
            ],
          },
        })
      })
    })

    describe('reopening', () => {
      it('takes back the verdict of a closed ticket, keeps the reason, and evidence comes to it again', async () => {
        const first = fresh()
        const { id } = await open(first)
        await resolve(id, 1)
        await test.store.change(id, { to: 'closed', actor, version: 2 })
        const back = await test.store.reopen(id, { actor, version: 3, reason: 'it hums again' })
        expect(back).toMatchObject({ state: 'acknowledged', version: 4, verdict: null, closedAt: null })
        expect((await test.store.history(id)).at(-1)).toMatchObject({
          kind: 'reopened',
          actor,
          detail: { from: 'closed', note: 'it hums again', formerVerdict: 'false_alarm' },
        })
        expect(await test.store.raise(next(first))).toMatchObject({ outcome: 'merged', ticket: { id } })
      })

      it('needs a finished ticket, the newest version, and a free place', async () => {
        const first = fresh()
        const { id } = await open(first)
        const wish = { actor, reason: 'why not' }
        await expect(test.store.reopen(id, { ...wish, version: 1 })).rejects.toMatchObject({
          code: 'TICKET_TRANSITION',
        })
        await resolve(id, 1)
        await expect(test.store.reopen(id, { ...wish, version: 1 })).rejects.toMatchObject({
          code: 'TICKET_STALE',
        })
        const other = await open(next(first, { raisedAt: first.windowEnd + 10_000 }))
        expect(other.id).not.toBe(id)
        await expect(test.store.reopen(id, { ...wish, version: 2 })).rejects.toMatchObject({
          code: 'TICKET_TRANSITION',
          remedy: expect.stringContaining(`ticket ${other.id}`),
        })
      })
    })

    describe('merging', () => {
      it('lets one ticket of a device go on with another, which takes in what comes of its alarm', async () => {
        const first = fresh()
        const kept = await open(first)
        const part = await test.store.split(kept.id, { actor, version: 1, mode: 'cavitation' })
        const cavitating = next(first, { mode: 'cavitation' })
        expect(await test.store.raise(cavitating)).toMatchObject({ ticket: { id: part.id } })
        await test.store.comment(part.id, 'Ben', 'both are the bearing')

        test.told.length = 0
        const wish = { actor, version: 1, into: kept.id, note: 'one cause' }
        const target = await test.store.merge(part.id, wish)
        expect(target).toMatchObject({ id: kept.id, state: 'open', version: 3, predictions: 3 })
        expect(await test.store.get(part.id)).toMatchObject({
          state: 'withdrawn',
          mergedInto: kept.id,
          verdict: null,
          prediction: cavitating,
        })
        expect(test.told.map(({ ticket, change }) => [ticket.id, change])).toEqual([
          [part.id, 'withdrawn'],
          [kept.id, 'absorbed'],
        ])
        expect(await kinds(part.id)).toEqual(['opened', 'merged', 'commented', 'withdrawn'])
        expect((await test.store.history(kept.id)).at(-1)).toMatchObject({
          kind: 'absorbed',
          detail: { ticket: part.id, mode: 'cavitation', note: 'one cause' },
        })
        // delivered again, and the next window of the same alarm
        expect(await test.store.raise(cavitating)).toMatchObject({
          outcome: 'duplicate',
          ticket: { id: kept.id },
        })
        const later = next(cavitating, { windowEnd: first.windowEnd + 20_000 })
        expect(await test.store.raise(later)).toMatchObject({ outcome: 'merged', ticket: { id: kept.id } })
        const again = test.store.reopen(part.id, { actor, version: 2, reason: 'hm' })
        await expect(again).rejects.toMatchObject({
          code: 'TICKET_TRANSITION',
          remedy: expect.stringContaining(`ticket ${kept.id} goes on with it`),
        })
      })

      it('lets a disturbance of the site take a device in, and refuses what does not belong together', async () => {
        const storm = await open(disturbanceOf('shore', ['far-1']))
        const here = await open(fresh({ site: 'shore' }))
        const target = await test.store.merge(here.id, { actor, version: 1, into: storm.id })
        expect(target.prediction.disturbance).toEqual({ site: 'shore', devices: ['far-1', here.device] })

        const elsewhere = await open()
        const refused = (id: number, into: number) => test.store.merge(id, { actor, version: 1, into })
        for (const [id, into] of [
          [elsewhere.id, storm.id],
          [elsewhere.id, (await open()).id],
          [elsewhere.id, elsewhere.id],
        ] as const) {
          await expect(refused(id, into)).rejects.toMatchObject({ code: 'TICKETS_UNRELATED' })
        }
        await expect(refused(elsewhere.id, 999_999)).rejects.toMatchObject({ code: 'TICKET_UNKNOWN' })
        await expect(refused(here.id, storm.id)).rejects.toMatchObject({ code: 'TICKET_STALE' })
        expect(await test.store.get(elsewhere.id)).toMatchObject({ state: 'open', version: 1 })
      })

      it('crosswise at once merges one way', async () => {
        const first = await open()
        const second = await test.store.split(first.id, { actor, version: 1, mode: 'cavitation' })
        const results = await Promise.allSettled([
          test.store.merge(first.id, { actor, version: 2, into: second.id }),
          test.store.merge(second.id, { actor, version: 1, into: first.id }),
        ])
        expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
        const left = await test.store.page({ devices: [first.device], states: ['open'] })
        expect(left.total).toBe(1)
      })
    })

    describe('splitting', () => {
      it('gives a second suspicion a ticket of its own, assessed by itself', async () => {
        const ticket = await open()
        const part = await test.store.split(ticket.id, {
          actor,
          version: 1,
          mode: 'unknown',
          note: 'a rattle',
        })
        expect(part).toMatchObject({
          device: ticket.device,
          mode: 'unknown',
          state: 'open',
          splitFrom: ticket.id,
          priority: { consequenceFrom: 'type' },
        })
        expect((await test.store.history(part.id))[0]).toMatchObject({
          kind: 'opened',
          actor,
          detail: { splitFrom: ticket.id, note: 'a rattle' },
        })
        expect(await kinds(ticket.id)).toEqual(['opened', 'split'])
      })

      it('leaves the rest open when the part is dealt with', async () => {
        const first = fresh()
        const ticket = await open(first)
        const part = await test.store.split(ticket.id, { actor, version: 1, mode: 'cavitation' })
        await test.store.raise(next(first, { mode: 'cavitation' }))
        await resolve(part.id, 1)
        const underWay = next(first, { mode: 'cavitation', windowEnd: first.windowEnd + 20_000 })
        expect(await test.store.raise(underWay)).toMatchObject({
          outcome: 'duplicate',
          ticket: { id: part.id },
        })
        const rest = next(first, { windowEnd: first.windowEnd + 30_000 })
        expect(await test.store.raise(rest)).toMatchObject({ outcome: 'merged', ticket: { id: ticket.id } })
      })

      it('takes a device out of a disturbance, with the evidence that it had', async () => {
        const own = fresh({ site: 'cape' })
        const before = await open(own)
        const storm = await open(disturbanceOf('cape', ['far-2', own.device]))
        await test.store.merge(before.id, { actor, version: 1, into: storm.id })
        const wish = { actor, version: 2, device: own.device, mode: 'bearing_wear' }
        const part = await test.store.split(storm.id, wish)
        expect(part).toMatchObject({ device: own.device, mode: 'bearing_wear', splitFrom: storm.id })
        expect(part.prediction).toEqual(own)
        expect((await test.store.get(storm.id)).prediction.disturbance!.devices).toEqual(['far-2'])
      })

      it('needs a part that is there and has no ticket yet', async () => {
        const { id, device } = await open()
        const storm = await open(disturbanceOf('bay', ['far-3']))
        for (const [ticket, wish] of [
          [id, {}],
          [id, { mode: 'bearing_wear' }],
          [id, { mode: 'cavitation', device: 'other' }],
          [storm.id, { mode: 'cavitation' }],
          [storm.id, { device: 'far-9' }],
        ] as const) {
          const splitting = test.store.split(ticket, { actor, version: 1, ...wish })
          await expect(splitting).rejects.toMatchObject({ code: 'TICKET_SPLIT_INVALID' })
        }
        await test.store.split(id, { actor, version: 1, device, mode: 'cavitation' })
        const twice = test.store.split(id, { actor, version: 2, mode: 'cavitation' })
        await expect(twice).rejects.toMatchObject({ code: 'TICKET_SPLIT_INVALID' })
      })
    })

    describe('the policy', () => {
      const cleared = async ({ device, windowEnd }: Prediction, raised = false) =>
        test.alarms.save([{ ...newAlarm(device), judgedUntil: windowEnd + 1, raised }])

      it('withdraws what nobody has touched once its alarm has cleared', async () => {
        const [calm, standing, seen, said, failed] = [fresh(), fresh(), fresh(), fresh(), fresh()]
        const tickets = []
        for (const prediction of [calm, standing, seen, said, failed]) tickets.push(await open(prediction))
        await test.store.change(tickets[2]!.id, { to: 'acknowledged', actor, version: 1 })
        await test.store.comment(tickets[3]!.id, actor, 'I shall look at it')
        const { device, windowEnd: time } = failed
        await test.register.addEvent({ device, time, kind: 'failed', detail: '' })
        for (const one of [calm, seen, said, failed]) await cleared(one)
        await cleared(standing, true)
        test.told.length = 0
        expect(await test.store.withdrawCleared()).toBe(1)
        expect(test.told).toMatchObject([{ ticket: { id: tickets[0]!.id }, change: 'withdrawn' }])
        expect((await test.store.history(tickets[0]!.id)).at(-1)).toMatchObject({
          kind: 'withdrawn',
          actor: 'policy',
          detail: { reason: 'alarm_cleared' },
        })
        expect(await test.store.withdrawCleared()).toBe(0)
        const back = { actor, version: 2, reason: 'I want to look all the same' }
        expect(await test.store.reopen(tickets[0]!.id, back)).toMatchObject({ state: 'acknowledged' })
      })

      it('does not take old calm for new: evidence that is newer than the alarm’s memory keeps the ticket', async () => {
        const first = fresh()
        const { id } = await open(first)
        await cleared({ ...first, windowEnd: first.windowEnd - 10 })
        await test.store.withdrawCleared()
        expect(await test.store.get(id)).toMatchObject({ state: 'open' })
      })
    })
  })
}
