import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { ManualClock } from '../../core/clock.ts'
import type { DeliveryTry, WebhookSettings } from '../../core/outgoing.ts'
import type { Claim, OutgoingStore, TicketStore } from '../../core/ports.ts'
import type { Prediction } from '../../core/ticket.ts'
import { predictionOf } from './ticketsPredictions.ts'

export interface OutgoingUnderTest {
  readonly store: OutgoingStore
  readonly tickets: TicketStore
  readonly clock: ManualClock
  restart(): Promise<{ store: OutgoingStore; tickets: TicketStore }>
}

const settings = (changes: Partial<WebhookSettings> = {}): WebhookSettings => ({
  kind: 'webhook',
  name: 'maintenance system',
  url: 'https://cmms.example/hook',
  secret: Buffer.alloc(24, 7).toString('base64'),
  enabled: true,
  events: ['opened', 'acknowledged', 'resolved', 'commented'],
  sites: [],
  assetTypes: [],
  priorities: [],
  ...changes,
})

const leaseMs = 60_000

/** What every store of outgoing messages must do, beside a ticket store over the same database. */
export function outgoingContract(name: string, make: () => Promise<OutgoingUnderTest>): void {
  describe(`outgoing messages: ${name}`, () => {
    let test: OutgoingUnderTest
    let store: OutgoingStore
    let tickets: TicketStore
    let devices = 0
    beforeAll(async () => {
      test = await make()
      ;({ store, tickets } = test)
    })
    afterEach(async () => {
      for (const { id } of await store.receivers()) await store.remove(id)
      await spread()
    })

    const raise = (changes: Partial<Prediction> = {}) =>
      tickets.raise(predictionOf({ device: `told-${devices++}`, ...changes }))
    const outcome = (ok: boolean): DeliveryTry => ({
      at: test.clock.now(),
      ok,
      code: ok ? 200 : 503,
      problem: ok ? null : 'it answers 503',
      answer: 'a\\nswer "ä"',
      ms: 12,
    })
    /** Everything to everyone. */
    async function spread(): Promise<number> {
      const all = await store.receivers()
      const waiting = await store.unspread()
      return store.spread(
        waiting.map(({ key }) => ({ key, facts: { actBy: 5 }, receivers: all.map(({ id }) => id) })),
      )
    }
    const delivered = (claim: Claim) => store.settle(claim, outcome(true), { state: 'delivered', dueAt: 0 })
    const failed = (claim: Claim, dueAt: number, giveUpBefore?: number) =>
      store.settle(claim, outcome(false), { state: 'pending', dueAt, giveUpBefore })

    it('keeps receivers, changes and removes them', async () => {
      const one = await store.add(settings())
      const two = await store.add({ ...settings({ name: "o'ther" }), kind: 'email', to: ['a@b.example'] })
      expect(await store.receivers()).toEqual([one, two])
      expect(one).toMatchObject({ settings: settings(), failures: 0, createdAt: test.clock.now() })
      const changed = await store.replace(one.id, settings({ enabled: false }))
      expect(await store.receiver(one.id)).toEqual(changed)
      await store.remove(one.id)
      await expect(store.receiver(one.id)).rejects.toMatchObject({ code: 'RECEIVER_UNKNOWN' })
      await expect(store.remove(one.id)).rejects.toMatchObject({ code: 'RECEIVER_UNKNOWN' })
      await expect(store.replace(one.id, settings())).rejects.toMatchObject({ code: 'RECEIVER_UNKNOWN' })
    })

    it('keeps no message while nobody listens', async () => {
      await raise()
      expect(await store.unspread()).toEqual([])
    })

    it('keeps what happened with the ticket as it was then, without its evidence, in order', async () => {
      await store.add(settings())
      const { ticket } = await raise({ mode: "o'ring" })
      await tickets.change(ticket.id, { to: 'acknowledged', actor: 'Anna', version: ticket.version })
      const [opened, acknowledged] = (await store.unspread()).map(({ message }) => message)
      const { evidence: _evidence, ...prediction } = ticket.prediction
      expect(opened).toMatchObject({ event: 'opened', actor: 'policy', at: test.clock.now() })
      expect(opened!.ticket).toEqual({ ...ticket, prediction, publishToTicketMs: null })
      expect(acknowledged).toMatchObject({ event: 'acknowledged', actor: 'Anna', detail: { from: 'open' } })
      expect(acknowledged!.ticket).toMatchObject({ state: 'acknowledged', version: ticket.version + 1 })
      expect(opened!.id).toMatch(/^msg_[0-9a-f-]{36}$/)
      expect(opened!.id).not.toBe(acknowledged!.id)
    })

    it('keeps nothing of a change that did not come about', async () => {
      await store.add(settings())
      const { ticket } = await raise()
      const stale = tickets.change(ticket.id, { to: 'acknowledged', actor: 'Anna', version: 99 })
      await expect(stale).rejects.toMatchObject({ code: 'TICKET_STALE' })
      expect((await store.unspread()).map(({ message }) => message.event)).toEqual(['opened'])
    })

    it('says nothing of a suggested ticket until a planner takes it, then its opening first', async () => {
      await store.add(settings())
      const suggested = { automation: 'suggest' } as Partial<Prediction>
      const { ticket } = await raise(suggested)
      await tickets.comment(ticket.id, 'Anna', 'is it real?')
      expect(await store.unspread()).toEqual([])
      await tickets.change(ticket.id, { to: 'acknowledged', actor: 'Anna', version: ticket.version })
      await tickets.comment(ticket.id, 'Anna', 'it is')
      const told = await store.unspread()
      expect(told.map(({ message }) => message.event)).toEqual(['opened', 'acknowledged', 'commented'])

      const refused = await raise(suggested)
      const verdict = { verdict: 'false_alarm' as const, version: refused.ticket.version }
      await tickets.change(refused.ticket.id, { to: 'resolved', actor: 'Anna', ...verdict })
      expect(await store.unspread()).toHaveLength(3)
    })

    it('makes each delivery once, in order, and forgets what nobody wants', async () => {
      const one = await store.add(settings())
      const two = await store.add(settings())
      for (let i = 0; i < 3; i++) await raise()
      const waiting = await store.unspread()
      const wish = waiting.map(({ key }, i) => ({
        key,
        facts: {},
        receivers: i === 1 ? [] : [two.id, one.id, 99_999],
      }))
      const made = await Promise.all([store.spread(wish), store.spread(wish.slice(0, 2))])
      expect(made.reduce((sum, n) => sum + n)).toBe(4)
      expect(await store.unspread()).toEqual([])
      expect(await store.pending()).toBe(4)
      const messages = (await store.deliveries(one.id)).map(({ message }) => message)
      expect(messages).toEqual([waiting[2]!.message.id, waiting[0]!.message.id])
    })

    it('gives each receiver’s oldest message to one claim at a time', async () => {
      const one = await store.add(settings())
      const two = await store.add(settings())
      await raise()
      await raise()
      await spread()
      const claims = await Promise.all([1, 2, 3, 4].map(() => store.claim(leaseMs)))
      const got = claims.filter((claim) => claim !== undefined)
      expect(got.map(({ receiver }) => receiver.id).sort()).toEqual([one.id, two.id])
      const first = got.find(({ receiver }) => receiver.id === one.id)!
      expect(first.message).toMatchObject({ event: 'opened', facts: { actBy: 5 } })
      await delivered(first)
      const second = (await store.claim(leaseMs))!
      expect(second.receiver.id).toBe(one.id)
      expect(second.delivery).toBeGreaterThan(first.delivery)
    })

    it('lets a claim go when its lease is over, and keeps nothing of who held it', async () => {
      const { id } = await store.add(settings())
      await raise()
      await spread()
      const lost = (await store.claim(leaseMs))!
      expect(await store.claim(leaseMs)).toBeUndefined()
      test.clock.advance(leaseMs)
      const again = (await store.claim(leaseMs))!
      expect(again.message.id).toBe(lost.message.id)
      await failed(lost, 0)
      expect((await store.deliveries(id))[0]!.tries).toEqual([])
      await delivered(again)
      expect((await store.deliveries(id))[0]).toMatchObject({ state: 'delivered', tries: [outcome(true)] })
    })

    it('lets a receiver that failed rest, and keeps its order', async () => {
      const { id } = await store.add(settings())
      await raise()
      await raise()
      await spread()
      const first = (await store.claim(leaseMs))!
      await failed(first, test.clock.now() + 1_000)
      expect(await store.claim(leaseMs)).toBeUndefined()
      expect(await store.receiver(id)).toMatchObject({ failures: 1, dueAt: test.clock.now() + 1_000 })
      test.clock.advance(1_000)
      const again = (await store.claim(leaseMs))!
      expect(again).toMatchObject({ delivery: first.delivery, tried: 1 })
      await delivered(again)
      expect(await store.receiver(id)).toMatchObject({ failures: 0, dueAt: 0 })
    })

    it('gives up what has waited too long, tried or not', async () => {
      const { id } = await store.add(settings())
      await raise()
      await raise()
      await spread()
      test.clock.advance(10_000)
      await raise()
      await spread()
      await failed((await store.claim(leaseMs))!, 0, test.clock.now())
      const states = (await store.deliveries(id)).map(({ state, tries }) => [state, tries.length])
      expect(states).toEqual([
        ['pending', 0],
        ['given_up', 1],
        ['given_up', 1],
      ])
      expect((await store.deliveries(id, { state: 'given_up', limit: 1 }))[0]!.tries[0]).toMatchObject({
        code: null,
        problem: expect.stringContaining('not tried'),
      })
    })

    it('sends again by hand: at once, in the old place, its log going on', async () => {
      const { id } = await store.add(settings())
      await raise()
      await raise()
      await spread()
      const first = (await store.claim(leaseMs))!
      await store.settle(first, outcome(false), { state: 'given_up', dueAt: test.clock.now() + 1e6 })
      const again = await store.redeliver(id, first.delivery)
      expect(again).toMatchObject({ state: 'pending', queuedAt: test.clock.now() })
      const claim = (await store.claim(leaseMs))!
      expect(claim).toMatchObject({ delivery: first.delivery, tried: 0 })
      await delivered(claim)
      const [delivery] = await store.deliveries(id, { state: 'delivered' })
      expect(delivery!.tries.map(({ ok }) => ok)).toEqual([false, true])
      const unknown = { code: 'DELIVERY_UNKNOWN' }
      await expect(store.redeliver(id, 1e12)).rejects.toMatchObject(unknown)
      await expect(store.redeliver(id + 1, first.delivery)).rejects.toMatchObject(unknown)
    })

    it('leaves a receiver alone that is switched off, until it is switched on', async () => {
      const { id } = await store.add(settings())
      await raise()
      await spread()
      await store.replace(id, settings({ enabled: false }))
      expect(await store.claim(leaseMs)).toBeUndefined()
      await store.replace(id, settings())
      expect(await store.claim(leaseMs)).toMatchObject({ receiver: { id } })
    })

    it('keeps a test among the deliveries', async () => {
      const { id } = await store.add(settings())
      const at = test.clock.now()
      const message = { id: `msg_${at}`, at, actor: 'forewarn', detail: {}, ticket: null, facts: {} }
      const kept = await store.keepTest(id, { ...message, event: 'test' }, outcome(false))
      expect(kept).toMatchObject({ event: 'test', ticket: null, state: 'given_up', message: message.id })
      expect(await store.deliveries(id)).toEqual([kept])
      expect(await store.claim(leaseMs)).toBeUndefined()
    })

    it('forgets finished deliveries of long ago, and no others', async () => {
      const { id } = await store.add(settings())
      await raise()
      await raise()
      await spread()
      await delivered((await store.claim(leaseMs))!)
      await store.prune(test.clock.now() + 1)
      expect((await store.deliveries(id)).map(({ state }) => state)).toEqual(['pending'])
    })

    it('holds a ticket up by nothing: a receiver may go while its message is being written', async () => {
      const { id } = await store.add(settings())
      const [{ outcome: opened }] = await Promise.all([raise(), store.remove(id)])
      expect(opened).toBe('opened')
      await spread()
      expect(await store.unspread()).toEqual([])
    })

    it('keeps everything over a restart', async () => {
      const { id } = await store.add(settings())
      await raise()
      await spread()
      await raise()
      const kept = [await store.receivers(), await store.deliveries(id), await store.unspread()]
      ;({ store, tickets } = await test.restart())
      expect([await store.receivers(), await store.deliveries(id), await store.unspread()]).toEqual(kept)
    })
  })
}
