import type { EventBus, LiveEvent } from '../../core/ports.ts'

/**
 * The event bus in memory. Handlers run on a later turn of the event loop, each on its own: one that throws or takes
 * its time harms neither the publisher nor the next handler's delivery. A handler that waits for the outside (a
 * browser) has to bound what it holds itself, see `alerts/http/sse.ts`.
 */
export function createEventBus(onError: (thrown: unknown) => void = () => {}): EventBus {
  const handlers = new Set<(event: LiveEvent) => void>()

  function deliver(handler: (event: LiveEvent) => void, event: LiveEvent): void {
    // Unsubscribed between publishing and delivery: it does not want it any more.
    if (!handlers.has(handler)) return
    try {
      // An async handler fits the type as well; its rejection must not end the process.
      Promise.resolve(handler(event) as unknown).catch(onError)
    } catch (thrown) {
      onError(thrown)
    }
  }

  return {
    publish(event) {
      for (const handler of handlers) setImmediate(deliver, handler, event)
    },
    subscribe(handler) {
      // A function of its own, so that subscribing the same handler twice makes two subscriptions.
      const own = (event: LiveEvent) => handler(event)
      handlers.add(own)
      return () => void handlers.delete(own)
    },
  }
}
