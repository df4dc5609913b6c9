import { beforeAll, describe, expect, it } from 'vitest'
import type { ManualClock } from '../../core/clock.ts'
import type { TicketStore } from '../../core/ports.ts'
import type { Prediction, Ticket, TicketChange, TicketState } from '../../core/ticket.ts'
import { predictionOf } from './ticketsPredictions.ts'

export interface TicketStoreUnderTest {
  readonly store: TicketStore
  readonly clock: ManualClock
  /** What onChange was told, oldest first; emptied by the suite. */
  readonly told: { ticket: Ticket; change: string }[]
  /** The same store after the process was started again. */
  restart(): Promise<TicketStore>
}

let devices = 0
/** A device of its own for every test: they share one store. */
const fresh = (changes: Partial<Prediction> = {}) => predictionOf({ device: `pump-${++devices}`, ...changes })
/** A later window of the same device and, unless said otherwise, the same episode. */
const later = (first: Prediction, changes: Partial<Prediction> = {}) =>
  predictionOf({
    device: first.device,
    windowEnd: first.windowEnd + 10_000,
    raisedAt: first.raisedAt,
    ...changes,
  })

const planner = 'Ada'
const resolved = (version: number): TicketChange => ({
  to: 'resolved',
  actor: planner,
  version,
  verdict: 'confirmed',
  verdictMode: 'bearing_wear',
})

/** What every ticket store must do; `make` is called once. */
export function ticketStoreContract(name: string, make: () => Promise<TicketStoreUnderTest>): void {
  describe(`ticket store: ${name}`, () => {
    let test: TicketStoreUnderTest
    let store: TicketStore
    beforeAll(async () => {
      test = await make()
      store = test.store
    })

    describe('a prediction', () => {
      it('opens a ticket with everything in it', async () => {
        const prediction = fresh()
        const { ticket, outcome } = await store.raise(prediction)
        expect(outcome).toBe('opened')
        expect(ticket).toMatchObject({
          device: prediction.device,
          site: 'north',
          assetType: 'pump',
          mode: 'bearing_wear',
          state: 'open',
          version: 1,
          openedAt: test.clock.now(),
          closedAt: null,
          verdict: null,
          predictions: 1,
          prediction,
        })
        expect(await store.get(ticket.id)).toEqual(ticket)
        const [opened, ...rest] = await store.history(ticket.id)
        expect(rest).toEqual([])
        expect(opened).toMatchObject({
          kind: 'opened',
          actor: 'policy',
          detail: { prediction: prediction.id },
        })
      })

      it('says how long it took from publishing to the commit, and nothing where that is unknown', async () => {
        const known = await store.raise(fresh({ publishedAt: test.clock.now() - 123 }))
        expect(known.ticket.publishToTicketMs).toBe(123)
        expect((await store.get(known.ticket.id)).publishToTicketMs).toBe(123)
        const unknown = await store.raise(fresh({ publishedAt: null }))
        expect(unknown.ticket.publishToTicketMs).toBeNull()
      })

      it('of the same mode is merged, leaves the version alone and brings its evidence', async () => {
        const first = fresh()
        const { ticket } = await store.raise(first)
        const second = later(first, { failureProbability: 0.95 })
        const merged = await store.raise(second)
        expect(merged).toMatchObject({
          outcome: 'merged',
          ticket: { id: ticket.id, version: 1, predictions: 2, prediction: second },
        })
      })

      it('of another mode revises the open ticket instead of opening a second', async () => {
        const first = fresh()
        const { ticket } = await store.raise(first)
        const revised = await store.raise(later(first, { mode: 'cavitation' }))
        expect(revised).toMatchObject({
          outcome: 'revised',
          ticket: { id: ticket.id, mode: 'cavitation', version: 2, predictions: 2 },
        })
        const history = await store.history(ticket.id)
        expect(history.at(-1)).toMatchObject({ kind: 'revised', detail: { formerMode: 'bearing_wear' } })
        expect(await store.list({ device: first.device })).toHaveLength(1)
      })

      it('that was overtaken by a newer one is counted but changes nothing', async () => {
        const first = fresh()
        const newer = later(first)
        await store.raise(newer)
        const late = await store.raise({ ...first, raisedAt: newer.raisedAt, mode: 'cavitation' })
        expect(late).toMatchObject({
          outcome: 'merged',
          ticket: { mode: 'bearing_wear', predictions: 2, prediction: newer },
        })
      })

      it('delivered again is a duplicate, also after its ticket is finished', async () => {
        const prediction = fresh()
        const { ticket } = await store.raise(prediction)
        expect(await store.raise(prediction)).toEqual({ ticket, outcome: 'duplicate' })
        await store.change(ticket.id, resolved(1))
        const again = await store.raise(prediction)
        expect(again).toMatchObject({ outcome: 'duplicate', ticket: { id: ticket.id, state: 'resolved' } })
        expect(await store.history(ticket.id)).toHaveLength(2)
      })

      it('of an episode whose ticket is finished is a duplicate; the next episode opens a ticket', async () => {
        const first = fresh()
        const { ticket } = await store.raise(first)
        await store.change(ticket.id, resolved(1))
        const underWay = await store.raise(later(first))
        expect(underWay).toMatchObject({ outcome: 'duplicate', ticket: { id: ticket.id, predictions: 1 } })
        const windowEnd = first.windowEnd + 900_000
        const next = await store.raise(later(first, { windowEnd, raisedAt: windowEnd }))
        expect(next.outcome).toBe('opened')
        expect(next.ticket.id).toBeGreaterThan(ticket.id)
      })

      it('200 times at once is exactly one ticket', async () => {
        const prediction = fresh()
        const results = await Promise.all(Array.from({ length: 200 }, () => store.raise(prediction)))
        const outcomes = results.map((result) => result.outcome)
        expect(outcomes.filter((outcome) => outcome === 'opened')).toHaveLength(1)
        expect(outcomes.filter((outcome) => outcome === 'duplicate')).toHaveLength(199)
        expect(await store.list({ device: prediction.device })).toHaveLength(1)
      })

      it('in 60 versions at once, of three modes, is still one ticket', async () => {
        const first = fresh()
        const modes = ['bearing_wear', 'cavitation', 'unknown']
        const many = Array.from({ length: 60 }, (_, i) =>
          later(first, { windowEnd: first.windowEnd + i * 1000, mode: modes[i % 3]! }),
        )
        await Promise.all(many.map((prediction) => store.raise(prediction)))
        const [ticket, ...others] = await store.list({ device: first.device })
        expect(others).toEqual([])
        expect(ticket).toMatchObject({ predictions: 60, mode: 'unknown', prediction: many[59] })
      })
    })

    describe('a planner', () => {
      it('takes a ticket from open to closed, with a history of who did what', async () => {
        const { ticket } = await store.raise(fresh())
        const steps: TicketChange[] = [
          { to: 'acknowledged', actor: planner, version: 1, note: 'looking at it' },
          { to: 'scheduled', actor: planner, version: 2, scheduledFor: 1_732_300_000_000 },
          { to: 'in_progress', actor: 'Ben', version: 3 },
          { ...resolved(4), actor: 'Ben' },
          { to: 'closed', actor: planner, version: 5 },
        ]
        let latest = ticket
        for (const step of steps) {
          test.clock.advance(1000)
          latest = await store.change(ticket.id, step)
        }
        expect(latest).toMatchObject({
          state: 'closed',
          version: 6,
          scheduledFor: 1_732_300_000_000,
          verdict: 'confirmed',
          verdictMode: 'bearing_wear',
          closedAt: test.clock.now() - 1000,
          updatedAt: test.clock.now(),
        })
        const history = await store.history(ticket.id)
        expect(history.map(({ kind, actor }) => [kind, actor])).toEqual([
          ['opened', 'policy'],
          ['acknowledged', planner],
          ['scheduled', planner],
          ['in_progress', 'Ben'],
          ['resolved', 'Ben'],
          ['closed', planner],
        ])
        expect(history[1]!.detail).toEqual({ from: 'open', note: 'looking at it' })
        expect(history[4]!.detail).toMatchObject({ verdict: 'confirmed', verdictMode: 'bearing_wear' })
      })

      it.each<[TicketState, TicketState]>([
        ['open', 'closed'],
        ['open', 'open'],
        ['acknowledged', 'withdrawn'],
        ['resolved', 'scheduled'],
        ['withdrawn', 'acknowledged'],
      ])('cannot make a ticket that is %s %s', async (from, to) => {
        const { ticket } = await store.raise(fresh())
        const version =
          from === 'open'
            ? ticket.version
            : (await store.change(ticket.id, { ...resolved(ticket.version), to: from })).version
        const wish = { ...resolved(version), to }
        await expect(store.change(ticket.id, wish)).rejects.toMatchObject({
          code: 'TICKET_TRANSITION',
          details: { from, to },
        })
        expect(await store.get(ticket.id)).toMatchObject({ state: from, version })
      })

      it('cannot change what somebody else has changed meanwhile', async () => {
        const { ticket } = await store.raise(fresh())
        await store.change(ticket.id, { to: 'acknowledged', actor: 'Ben', version: 1 })
        const stale = store.change(ticket.id, { to: 'scheduled', actor: planner, version: 1 })
        await expect(stale).rejects.toMatchObject({
          code: 'TICKET_STALE',
          details: { expected: 1, actual: 2 },
        })
      })

      it('wins alone when twenty change the same version at once', async () => {
        const { ticket } = await store.raise(fresh())
        const wish: TicketChange = { to: 'acknowledged', actor: planner, version: 1 }
        const results = await Promise.allSettled(
          Array.from({ length: 20 }, () => store.change(ticket.id, wish)),
        )
        expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1)
        expect(await store.history(ticket.id)).toHaveLength(2)
      })

      it('must give a verdict to resolve, and the mode when it is confirmed', async () => {
        const { ticket } = await store.raise(fresh())
        const wish: TicketChange = { to: 'resolved', actor: planner, version: 1 }
        for (const missing of [wish, { ...wish, verdict: 'confirmed' as const }]) {
          await expect(store.change(ticket.id, missing)).rejects.toMatchObject({
            code: 'TICKET_VERDICT_MISSING',
          })
        }
        const done = await store.change(ticket.id, { ...wish, verdict: 'no_fault_found' })
        expect(done).toMatchObject({ state: 'resolved', verdict: 'no_fault_found', verdictMode: null })
      })

      it('reopens a resolved ticket: the verdict is taken back, evidence is merged again', async () => {
        const first = fresh()
        const { ticket } = await store.raise(first)
        await store.change(ticket.id, resolved(1))
        const back = await store.change(ticket.id, { to: 'in_progress', actor: planner, version: 2 })
        expect(back).toMatchObject({
          state: 'in_progress',
          closedAt: null,
          verdict: null,
          verdictMode: null,
        })
        expect(await store.raise(later(first))).toMatchObject({
          outcome: 'merged',
          ticket: { id: ticket.id },
        })
      })

      it('cannot reopen a ticket whose place another one has taken, and is told which', async () => {
        const first = fresh()
        const { ticket } = await store.raise(first)
        await store.change(ticket.id, resolved(1))
        const next = await store.raise(later(first, { raisedAt: first.windowEnd + 10_000 }))
        expect(next.outcome).toBe('opened')
        const reopening = store.change(ticket.id, { to: 'in_progress', actor: planner, version: 2 })
        await expect(reopening).rejects.toMatchObject({
          code: 'TICKET_TRANSITION',
          remedy: expect.stringContaining(`ticket ${next.ticket.id} is already open`),
        })
      })

      it('comments without touching state or version', async () => {
        const { ticket } = await store.raise(fresh())
        expect(await store.comment(ticket.id, planner, "grease's in; \u{1F527} 50 % \\ done")).toEqual(ticket)
        expect((await store.history(ticket.id)).at(-1)).toMatchObject({
          kind: 'commented',
          actor: planner,
          detail: { note: "grease's in; \u{1F527} 50 % \\ done" },
        })
      })

      it('is told when there is no such ticket', async () => {
        const unknown = { code: 'TICKET_UNKNOWN', details: { ticket: 999_999 } }
        await expect(store.get(999_999)).rejects.toMatchObject(unknown)
        await expect(store.change(999_999, resolved(1))).rejects.toMatchObject(unknown)
        await expect(store.comment(999_999, planner, 'hm')).rejects.toMatchObject(unknown)
      })
    })

    it('lists newest first, by state and device, up to a limit, and counts by state', async () => {
      const before = await store.countByState()
      const one = (await store.raise(fresh())).ticket
      const two = (await store.raise(fresh())).ticket
      await store.change(one.id, { to: 'acknowledged', actor: planner, version: 1 })
      const ids = (tickets: Ticket[]) => tickets.map((ticket) => ticket.id)
      expect(ids(await store.list({ limit: 2 }))).toEqual([two.id, one.id])
      expect(ids(await store.list({ device: one.device }))).toEqual([one.id])
      expect(ids(await store.list({ device: one.device, states: ['open'] }))).toEqual([])
      expect(ids(await store.list({ device: one.device, states: ['open', 'acknowledged'] }))).toEqual([
        one.id,
      ])
      expect(await store.countByState()).toMatchObject({
        open: (before.open ?? 0) + 1,
        acknowledged: (before.acknowledged ?? 0) + 1,
      })
    })

    it('tells every change after its commit, duplicates not at all', async () => {
      test.told.length = 0
      const prediction = fresh()
      const { ticket } = await store.raise(prediction)
      await store.raise(prediction)
      await store.raise(later(prediction))
      await store.change(ticket.id, { to: 'acknowledged', actor: planner, version: 1 })
      await store.comment(ticket.id, planner, 'well')
      const told = test.told.filter((entry) => entry.ticket.id === ticket.id)
      expect(told.map((entry) => entry.change)).toEqual(['opened', 'merged', 'acknowledged', 'commented'])
    })

    it('keeps everything over a restart', async () => {
      const prediction = fresh()
      const { ticket } = await store.raise(prediction)
      await store.change(ticket.id, { to: 'acknowledged', actor: planner, version: 1 })
      const [kept, history] = [await store.get(ticket.id), await store.history(ticket.id)]
      store = await test.restart()
      expect(await store.get(ticket.id)).toEqual(kept)
      expect(await store.history(ticket.id)).toEqual(history)
      expect((await store.raise(prediction)).outcome).toBe('duplicate')
    })
  })
}
