import type { Clock } from '../../core/clock.ts'
import type { EventBus, LiveEvent, LiveScore } from '../../core/ports.ts'
import type { Ticket } from '../../core/ticket.ts'

/** The part of a response that the hub uses. */
export interface LiveStream {
  readonly writableLength: number
  readonly destroyed: boolean
  write(text: string): boolean
  end(): unknown
  destroy(): unknown
  on(event: 'close' | 'error', listener: () => void): unknown
}

export interface LiveHub {
  join(stream: LiveStream): void
  readonly size: number
  /** Ends every stream and stops listening. */
  close(): void
}

/** Scores and states wait this long for company; a browser draws four times a second at most. */
export const flushMs = 250
/** A comment now and then keeps proxies from closing a quiet stream and finds dead clients. */
export const heartbeatMs = 15_000
/** A client that has not read this much is dropped; EventSource comes back by itself and starts afresh. */
export const maxBacklogBytes = 1024 * 1024

/**
 * Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html) to all open pages. Each event is
 * written down once for all of them. Bounded everywhere: of scores and states only the newest per device waits, and a
 * client that does not read is dropped.
 */
export function createLiveHub({ bus, clock }: { bus: EventBus; clock: Clock }): LiveHub {
  const streams = new Set<LiveStream>()
  const scores = new Map<string, LiveScore>()
  const states = new Map<string, LiveEvent & { kind: 'device' }>()
  const stop = new AbortController()

  function send(stream: LiveStream, text: string): void {
    if (stream.writableLength > maxBacklogBytes) stream.destroy()
    else if (!stream.destroyed) stream.write(text)
  }

  function broadcast(text: string): void {
    for (const stream of streams) send(stream, text)
  }

  function receive(event: LiveEvent): void {
    if (streams.size === 0) return
    if (event.kind === 'scores') for (const score of event.scores) scores.set(score.device, score)
    else if (event.kind === 'device') states.set(event.device, event)
    else broadcast(frame(event))
  }

  function flush(): void {
    let text = ''
    for (const event of states.values()) text += frame(event)
    if (scores.size > 0) text += frame({ kind: 'scores', scores: [...scores.values()] })
    states.clear()
    scores.clear()
    if (text) broadcast(text)
  }

  async function every(ms: number, work: () => void): Promise<void> {
    while (!stop.signal.aborted) {
      await clock.sleep(ms, stop.signal)
      if (!stop.signal.aborted) work()
    }
  }

  const unsubscribe = bus.subscribe(receive)
  void every(flushMs, flush)
  void every(heartbeatMs, () => broadcast(': beat\n\n'))

  return {
    join(stream) {
      const leave = () => void streams.delete(stream)
      stream.on('close', leave)
      stream.on('error', leave)
      if (stop.signal.aborted) return void stream.end()
      streams.add(stream)
      send(stream, frame({ kind: 'hello', at: clock.now() }))
    },
    get size() {
      return streams.size
    },
    close() {
      unsubscribe()
      stop.abort()
      for (const stream of streams) finish(stream)
      streams.clear()
    },
  }
}

/** An event as it goes over the wire. A ticket's evidence window has a route of its own. */
function frame(event: LiveEvent | { kind: 'hello'; at: number }): string {
  const data = event.kind === 'ticket' ? { ...event, ticket: withoutEvidence(event.ticket) } : event
  return `event: ${event.kind}\ndata: ${JSON.stringify(data)}\n\n`
}

function withoutEvidence({ prediction: { evidence: _evidence, ...prediction }, ...ticket }: Ticket) {
  return { ...ticket, prediction }
}

/** One that has not read what it was sent would never end, and the server would wait for it. */
function finish(stream: LiveStream): void {
  if (stream.writableLength > 0) stream.destroy()
  else stream.end()
}
