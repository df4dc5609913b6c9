import type { Clock } from '../../core/clock.ts'
import {
  type DeliveryTry,
  type OutgoingTicket,
  type Receiver,
  type TicketFacts,
  wants,
} from '../../core/outgoing.ts'
import type { Claim, Notifier, OutgoingStore, Settlement } from '../../core/ports.ts'
import { type Backoff, spanOf, waitAfter } from './backoff.ts'

export interface DispatcherOptions {
  readonly store: OutgoingStore
  readonly notifier: Notifier
  readonly clock: Clock
  readonly backoff: Backoff
  /** Longest time that a try takes, ms: a claim lives a good deal longer. */
  readonly timeoutMs: number
  /** What the ticket's row does not hold. */
  readonly facts?: ((ticket: OutgoingTicket) => Promise<TicketFacts>) | undefined
  /** 0 to 1, for the jitter. */
  readonly random?: (() => number) | undefined
  /** Hears of a message that was given up, and of the first of the rounds that failed in a row. */
  readonly onGivenUp?: ((claim: Claim, outcome: DeliveryTry) => void) | undefined
  readonly onError?: ((error: unknown) => void) | undefined
}

export interface Dispatcher {
  /** Something may have come into the outbox. */
  wake(): void
  /** Begins nothing more; resolves when what is under way is settled. */
  stop(): Promise<void>
}

/** Receivers served at the same time: one that takes its time holds up one of these places, no more. */
const atOnce = 8
/** The outbox is looked at this often where nobody wakes: another process may have filled it. */
const lookMs = 1_000
const leaseGraceMs = 30_000
/** An answer that is on its way is waited for this long at the end. */
const stopMs = 2_000
const pruneMs = 3_600_000
const keptMs = 30 * 86_400_000

/**
 * Empties the outbox: each message to each receiver that wants it, per receiver in order, receivers beside each other.
 * Several processes may do so at once: who delivers to a receiver is settled by a claim in the database, which ends by
 * itself where its process dies.
 */
export function startDispatcher(options: DispatcherOptions): Dispatcher {
  const { store, clock, onError } = options
  const stopping = new AbortController()
  const { signal } = stopping
  const underWay = new Set<Promise<void>>()
  let nap = new AbortController()
  let prunedAt = Number.NEGATIVE_INFINITY

  async function round(): Promise<void> {
    await spreadAll(options)
    while (!signal.aborted && underWay.size < atOnce) {
      const claim = await store.claim(options.timeoutMs + leaseGraceMs)
      if (!claim) break
      begin(claim)
    }
    if (clock.elapsed() - prunedAt < pruneMs) return
    prunedAt = clock.elapsed()
    await store.prune(clock.now() - keptMs)
  }

  function begin(claim: Claim): void {
    const delivering: Promise<void> = deliver(claim, options)
      .catch((error) => onError?.(error))
      .finally(() => {
        underWay.delete(delivering)
        wake()
      })
    underWay.add(delivering)
  }

  function wake(): void {
    nap.abort()
  }

  async function rounds(): Promise<void> {
    for (let failing = false; !signal.aborted; ) {
      // Before the round: who wakes during it is heard after it.
      nap = new AbortController()
      try {
        await round()
        failing = false
      } catch (error) {
        if (!failing) onError?.(error)
        failing = true
      }
      await clock.sleep(lookMs, AbortSignal.any([nap.signal, signal]))
    }
    // Who still waits for a receiver then leaves its claim behind, which ends by itself.
    await Promise.race([Promise.all(underWay), clock.sleep(stopMs)])
  }

  const ended = rounds()
  return {
    wake,
    stop: () => {
      stopping.abort()
      return ended
    },
  }
}

/** What filters and e-mails ask of a ticket. */
const factsOf = async ({ priority, actBy }: OutgoingTicket): Promise<TicketFacts> => ({
  priority: priority?.level,
  actBy: actBy?.at,
})

/** Gives every waiting message to the receivers that want it. Ends when there is none left. */
async function spreadAll({ store, facts = factsOf }: DispatcherOptions): Promise<void> {
  for (;;) {
    const waiting = await store.unspread()
    if (waiting.length === 0) return
    const receivers = await store.receivers()
    const addressed = []
    for (const { key, message } of waiting) {
      const known = message.ticket === null ? {} : await facts(message.ticket)
      addressed.push({ key, facts: known, receivers: wanting(receivers, { ...message, facts: known }) })
    }
    await store.spread(addressed)
  }
}

const wanting = (receivers: readonly Receiver[], message: Parameters<typeof wants>[1]): number[] =>
  receivers.filter((receiver) => wants(receiver, message)).map(({ id }) => id)

async function deliver(claim: Claim, options: DispatcherOptions): Promise<void> {
  const outcome = await options.notifier.send(claim.receiver, claim.message)
  const settlement = settle(claim, outcome, options)
  await options.store.settle(claim, outcome, settlement)
  if (settlement.state === 'given_up') options.onGivenUp?.(claim, outcome)
}

/**
 * The receiver rests after a failure, not the message alone: the ones behind it keep their place. Whatever has waited as
 * long as a message is tried for is given up with it, so that a receiver that is gone for good holds no backlog.
 */
function settle(
  { receiver, tried, queuedAt }: Claim,
  outcome: DeliveryTry,
  { backoff, clock, random = Math.random }: DispatcherOptions,
): Settlement {
  if (outcome.ok) return { state: 'delivered', dueAt: 0 }
  const now = clock.now()
  // A fifth more than the plain waits: jitter must not take a message its last try.
  const giveUpBefore = now - Math.ceil(1.2 * spanOf(backoff))
  const last = tried + 1 >= backoff.attempts || queuedAt < giveUpBefore
  const dueAt = now + waitAfter(backoff, receiver.failures + 1, random())
  return { state: last ? 'given_up' : 'pending', dueAt, giveUpBefore }
}
