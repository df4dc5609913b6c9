import { beforeAll, describe, expect, it } from 'vitest'
import type { DisturbanceRule } from '../../alerts/tickets/disturbance.ts'
import type { AlarmState, DeviceAlarm, DeviceRegister, TicketStore } from '../../core/ports.ts'
import type { Prediction } from '../../core/ticket.ts'
import { predictionOf } from './ticketsPredictions.ts'

export interface DisturbedStores {
  store(rule: DisturbanceRule): TicketStore
  readonly register: DeviceRegister
  readonly alarms: AlarmState
  /** What onChange was told, as `id change`; emptied by the suite. */
  readonly told: string[]
}

const minute = 60_000
const t0 = 1_732_250_000_000
const rule: DisturbanceRule = { withinMinutes: 60, devices: 4, share: 0.5 }

let sites = 0

/** What every ticket store makes of many alarms at one site; `make` is called once. */
export function disturbanceContract(name: string, make: () => Promise<DisturbedStores>): void {
  describe(`disturbance: ${name}`, () => {
    let test: DisturbedStores
    let store: TicketStore
    beforeAll(async () => {
      test = await make()
      store = test.store(rule)
    })

    /** A site of its own for every test, with so many scored devices. */
    async function siteOf(count: number) {
      const site = `site-${++sites}`
      const devices = Array.from({ length: count }, (_, i) => `${site} d${i}`)
      await test.register.seen(devices.map((device) => ({ device, site, assetType: 'pump', firstSeen: t0 })))
      await test.alarms.save(
        devices.map(
          (device): DeviceAlarm => ({
            device,
            judgedUntil: t0,
            recent: [],
            raised: false,
            mode: null,
            lastSent: 0,
            windows: [],
            raisedAt: null,
            sinceSent: 0,
          }),
        ),
      )
      const raised = (i: number, minutes = 0, changes: Partial<Prediction> = {}): Prediction => {
        const raisedAt = t0 + minutes * minute
        return predictionOf({ device: devices[i]!, site, windowEnd: raisedAt, raisedAt, ...changes })
      }
      const tickets = async () => {
        const all = await Promise.all(devices.map((device) => store.list({ device })))
        return all
          .flat()
          .sort((a, b) => a.id - b.id)
          .map(({ device, mode, state }) => `${device.split(' ')[1]} ${mode} ${state}`)
      }
      return { site, devices, raised, tickets }
    }

    it('is one ticket that lists its devices, in the place of what they opened just before', async () => {
      const { site, devices, raised, tickets } = await siteOf(8)
      const first = await store.raise(raised(0))
      for (const i of [1, 2]) await store.raise(raised(i, i))
      test.told.splice(0)
      const { ticket, outcome } = await store.raise(raised(3, 30))
      expect(outcome).toBe('opened')
      expect(ticket).toMatchObject({ mode: 'disturbance', site, state: 'open', predictions: 4 })
      expect(ticket.prediction.disturbance).toEqual({ site, devices: devices.slice(0, 4) })
      expect(await tickets()).toEqual([
        'd0 bearing_wear withdrawn',
        'd1 bearing_wear withdrawn',
        'd2 bearing_wear withdrawn',
        'd3 disturbance open',
      ])
      const ids = [0, 1, 2].map((i) => first.ticket.id + i)
      expect(test.told).toEqual([...ids.map((id) => `${id} withdrawn`), `${ticket.id} opened`])
      expect((await store.history(ids[0]!)).at(-1)).toMatchObject({
        kind: 'withdrawn',
        actor: 'policy',
        detail: { from: 'open', reason: 'disturbance', ticket: ticket.id },
      })
      expect((await store.history(ticket.id))[0]!.detail).toMatchObject({ withdrawn: ids })
      for (const device of devices.slice(0, 4))
        expect((await store.disturbanceOf(device))!.id).toBe(ticket.id)
      expect(await store.disturbanceOf(devices[4]!)).toBeUndefined()
    })

    it('takes further devices in, and fresh evidence of its own, and opens nothing twice', async () => {
      const { devices, raised, tickets } = await siteOf(8)
      for (const i of [0, 1, 2, 3]) await store.raise(raised(i))
      const joined = await store.raise(raised(4, 59))
      expect(joined).toMatchObject({
        outcome: 'merged',
        ticket: { mode: 'disturbance', predictions: 5, version: 1 },
      })
      expect(joined.ticket.prediction.disturbance!.devices).toEqual(devices.slice(0, 5))
      // The chain goes on: it counts from the last one that joined.
      expect((await store.raise(raised(5, 110))).ticket.id).toBe(joined.ticket.id)
      const later = { raisedAt: t0, windowEnd: t0 + 120 * minute, id: 'later' }
      expect(await store.raise(raised(0, 0, later))).toMatchObject({
        outcome: 'merged',
        ticket: { id: joined.ticket.id },
      })
      expect((await store.raise(raised(0, 0, later))).outcome).toBe('duplicate')
      expect((await store.raise(raised(1))).outcome).toBe('duplicate')
      const open = (await tickets()).filter((ticket) => ticket.endsWith('open'))
      expect(open).toEqual(['d3 disturbance open'])
    })

    it('is none for fewer devices, a smaller share or alarms further apart', async () => {
      const few = await siteOf(4)
      for (const i of [0, 1, 2]) expect((await store.raise(few.raised(i))).outcome).toBe('opened')
      const large = await siteOf(20)
      for (const i of [0, 1, 2, 3, 4, 5, 6, 7, 8])
        expect((await store.raise(large.raised(i))).ticket.mode).toBe('bearing_wear')
      expect((await store.raise(large.raised(9))).ticket.mode).toBe('disturbance')
      const slow = await siteOf(4)
      for (const i of [0, 1, 2, 3])
        expect((await store.raise(slow.raised(i, 40 * i))).ticket.mode).toBe('bearing_wear')
    })

    it('leaves a ticket that somebody has touched, and one of an earlier alarm', async () => {
      const { raised, tickets } = await siteOf(5)
      const { ticket } = await store.raise(raised(0))
      await store.comment(ticket.id, 'Ines', 'I have a look')
      await store.raise(raised(1, -500))
      await store.raise(raised(1, 1))
      for (const i of [2, 3]) await store.raise(raised(i))
      expect(await tickets()).toEqual([
        'd0 bearing_wear open',
        'd1 bearing_wear open',
        'd2 bearing_wear withdrawn',
        'd3 disturbance open',
      ])
      // Evidence of the touched one's alarm goes on to its own ticket.
      const later = { raisedAt: t0, windowEnd: t0 + minute, id: `${ticket.id} later` }
      expect((await store.raise(raised(0, 0, later))).ticket.id).toBe(ticket.id)
    })

    it('is over when somebody has dealt with it: evidence under way opens nothing, what outlasts it does', async () => {
      const { raised } = await siteOf(4)
      for (const i of [0, 1, 2]) await store.raise(raised(i))
      const { ticket } = await store.raise(raised(3))
      await store.change(ticket.id, { to: 'resolved', actor: 'Ines', version: 1, verdict: 'no_fault_found' })
      const laterBy = (minutes: number) =>
        raised(2, 0, { raisedAt: t0, windowEnd: t0 + minutes * minute, id: `${ticket.id} ${minutes}` })
      expect(await store.raise(laterBy(60))).toMatchObject({
        outcome: 'duplicate',
        ticket: { id: ticket.id },
      })
      const own = await store.raise(laterBy(61))
      expect(own).toMatchObject({ outcome: 'opened', ticket: { mode: 'bearing_wear' } })
      // Another alarm of a device that was part of it is the device's own, too.
      expect(await store.raise(raised(0, 300))).toMatchObject({
        outcome: 'opened',
        ticket: { mode: 'bearing_wear' },
      })
    })

    it('is one, whatever comes at once', async () => {
      const { devices, raised, tickets } = await siteOf(20)
      await Promise.all(devices.flatMap((_, i) => [store.raise(raised(i)), store.raise(raised(i))]))
      const open = (await tickets()).filter((ticket) => ticket.endsWith('open'))
      expect(open).toHaveLength(1)
      const ticket = (await store.disturbanceOf(devices[0]!))!
      expect(ticket.prediction.disturbance!.devices).toEqual([...devices].sort())
      expect(ticket.predictions).toBe(20)
    })
  })
}
