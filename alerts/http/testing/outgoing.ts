import type { Clock } from '../../../core/clock.ts'
import { ForewarnError } from '../../../core/errors.ts'
import type { Delivery, Receiver } from '../../../core/outgoing.ts'
import type { Notifier, OutgoingStore } from '../../../core/ports.ts'
import { parseAllowList } from '../../outgoing/addresses.ts'
import { parseTarget } from '../../outgoing/target.ts'
import type { OutgoingDeps } from '../deps.ts'

/** Answers 204 to everything, and reaches nobody. */
export const deafNotifier = (clock: Clock): Notifier => ({
  send: async () => ({ at: clock.now(), ok: true, code: 204, problem: null, answer: '', ms: 1 }),
})

const none = parseAllowList([])

/** Receivers in memory; nothing is spread or claimed, that is the business of the real store's contract suite. */
export function fakeOutgoing(clock: Clock): OutgoingDeps {
  return {
    store: fakeStore(clock),
    notifier: deafNotifier(clock),
    mail: true,
    assertTarget: (url) => void parseTarget(url, none),
    wake: () => undefined,
  }
}

function fakeStore(clock: Clock): OutgoingStore {
  const receivers = new Map<number, Receiver>()
  const deliveries: Delivery[] = []
  const get = (id: number): Receiver => {
    const found = receivers.get(id)
    if (!found) throw new ForewarnError('RECEIVER_UNKNOWN', { receiver: id })
    return found
  }
  const put = (receiver: Receiver): Receiver => {
    receivers.set(receiver.id, receiver)
    return receiver
  }
  const nobody = async () => Promise.reject(new Error('nothing leaves here'))
  return {
    receivers: async () => [...receivers.values()],
    receiver: async (id) => get(id),
    add: async (settings) =>
      put({ id: receivers.size + 1, settings, createdAt: clock.now(), failures: 0, dueAt: 0 }),
    replace: async (id, settings) => put({ ...get(id), settings }),
    remove: async (id) => void receivers.delete(get(id).id),
    unspread: async () => [],
    spread: nobody,
    claim: nobody,
    settle: nobody,
    deliveries: async (id) => deliveries.filter(({ receiver }) => receiver === get(id).id).toReversed(),
    async redeliver(receiver, delivery) {
      const found = deliveries.find((one) => one.id === delivery && one.receiver === receiver)
      if (!found) throw new ForewarnError('DELIVERY_UNKNOWN', { receiver, delivery })
      return { ...found, state: 'pending' }
    },
    async keepTest(receiver, { id: message, event }, outcome) {
      const kept: Delivery = {
        id: deliveries.length + 1,
        receiver: get(receiver).id,
        message,
        event,
        ticket: null,
        queuedAt: clock.now(),
        state: outcome.ok ? 'delivered' : 'given_up',
        tries: [outcome],
      }
      deliveries.push(kept)
      return kept
    },
    pending: async () => 0,
    prune: nobody,
  }
}
