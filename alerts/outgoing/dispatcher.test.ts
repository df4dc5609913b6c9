import { expect, it, vi } from 'vitest'
import { ManualClock } from '../../core/clock.ts'
import type { OutgoingMessage, Receiver } from '../../core/outgoing.ts'
import type { Claim, Notifier, OutgoingStore, Settlement } from '../../core/ports.ts'
import { makeTicket } from '../http/testing/fixtures.ts'
import { type DispatcherOptions, startDispatcher } from './dispatcher.ts'

const start = Date.UTC(2026, 0, 10)
const receiver = (id: number, changes: object = {}): Receiver => ({
  id,
  createdAt: start,
  failures: 0,
  dueAt: 0,
  settings: {
    kind: 'email',
    to: ['a@plant.example'],
    name: `r${id}`,
    enabled: true,
    events: ['opened'],
    sites: [],
    assetTypes: [],
    priorities: [],
    ...changes,
  },
})
const message = (changes: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
  id: 'msg_1',
  event: 'opened',
  at: start,
  actor: 'policy',
  detail: {},
  ticket: makeTicket(),
  facts: {},
  ...changes,
})

/** A store whose claims and messages a test fills; it notes what it is told. */
function world(
  options: Partial<DispatcherOptions> = {},
  claims: Claim[] = [],
  messages: OutgoingMessage[] = [],
) {
  const clock = new ManualClock(start)
  const spread: unknown[] = []
  const settled: Settlement[] = []
  const store: Partial<OutgoingStore> = {
    receivers: async () => [
      receiver(1),
      receiver(2, { sites: ['south'] }),
      receiver(3, { priorities: ['high'] }),
    ],
    unspread: async () => messages.splice(0).map((one) => ({ key: one.id, message: one })),
    spread: async (wishes) => spread.push(...wishes),
    claim: async () => claims.shift(),
    settle: async (_claim, _outcome, settlement) => void settled.push(settlement),
    prune: async () => undefined,
  }
  const outcome = { at: start, ok: false, code: 500, problem: 'it answers 500', answer: '', ms: 1 }
  const dispatcher = startDispatcher({
    store: store as OutgoingStore,
    notifier: { send: async () => outcome },
    clock,
    backoff: { attempts: 3, firstMs: 1_000 },
    timeoutMs: 1_000,
    random: () => 0.5,
    ...options,
  })
  return { clock, dispatcher, spread, settled, claims, messages }
}

const claimOf = (changes: Partial<Claim> = {}): Claim => ({
  token: 't',
  receiver: receiver(1),
  delivery: 1,
  message: message(),
  tried: 0,
  queuedAt: start,
  ...changes,
})

it('gives a message to those who want it, with what the facts say', async () => {
  const facts = async () => ({ priority: 'low', actBy: 7 })
  const { spread, dispatcher } = world({ facts }, [], [message(), message({ id: 'msg_2', event: 'closed' })])
  await vi.waitFor(() => expect(spread).toHaveLength(2))
  const known = { priority: 'low', actBy: 7 }
  expect(spread).toEqual([
    { key: 'msg_1', facts: known, receivers: [1] },
    { key: 'msg_2', facts: known, receivers: [] },
  ])
  await dispatcher.stop()
})

it('lets the receiver rest after a failure, longer each time, and gives up after the last try', async () => {
  const claims = [0, 1, 2].map((tried) => claimOf({ tried, receiver: { ...receiver(1), failures: tried } }))
  const { settled, dispatcher } = world({}, claims)
  await vi.waitFor(() => expect(settled).toHaveLength(3))
  expect(settled.map(({ state, dueAt }) => [state, dueAt - start])).toEqual([
    ['pending', 1_000],
    ['pending', 2_000],
    ['given_up', 4_000],
  ])
  await dispatcher.stop()
})

it('gives up what has waited longer than a message is tried for', async () => {
  const { settled, dispatcher } = world({}, [
    claimOf({ queuedAt: start - 3_601 }),
    claimOf({ queuedAt: start - 3_599 }),
  ])
  await vi.waitFor(() => expect(settled).toHaveLength(2))
  expect(settled.map(({ state }) => state)).toEqual(['given_up', 'pending'])
  await dispatcher.stop()
})

it('serves eight at once, and the ninth while the others take their time', async () => {
  let under = 0
  let most = 0
  const release: (() => void)[] = []
  const notifier: Notifier = {
    async send() {
      most = Math.max(most, ++under)
      await new Promise<void>((resolve) => release.push(resolve))
      under--
      return { at: start, ok: true, code: 200, problem: null, answer: '', ms: 1 }
    },
  }
  const { settled, dispatcher } = world(
    { notifier },
    Array.from({ length: 10 }, () => claimOf()),
  )
  await vi.waitFor(() => expect(release).toHaveLength(8))
  release.shift()!()
  await vi.waitFor(() => expect(release).toHaveLength(8))
  expect(most).toBe(8)
  while (release.length > 0 || settled.length < 10) {
    release.shift()?.()
    await new Promise(setImmediate)
  }
  await dispatcher.stop()
})

it('goes on after a database that was away, which it tells once', async () => {
  const errors: unknown[] = []
  let away = 3
  const { clock, settled, dispatcher } = world({
    onError: (error) => errors.push(error),
    store: {
      unspread: async () => {
        if (away-- > 0) throw new Error('away')
        return []
      },
      claim: async () => (settled.length === 0 ? claimOf() : undefined),
      settle: async (_claim: Claim, _outcome: unknown, settlement: Settlement) =>
        void settled.push(settlement),
      prune: async () => undefined,
    } as unknown as OutgoingStore,
  })
  for (let second = 0; second < 4; second++) {
    await new Promise((resolve) => setTimeout(resolve, 10))
    clock.advance(1_000)
  }
  await vi.waitFor(() => expect(settled.length).toBeGreaterThan(0))
  expect(errors).toHaveLength(1)
  await dispatcher.stop()
})
