import type { Intake } from '../intake.ts'
import { AckQueue } from '../mqtt/ackQueue.ts'
import type { Delivered } from './delivered.ts'

/** What a connection does with the outcome of a message. */
export interface Acknowledger {
  /** False where the connection is over: the message comes again. */
  acknowledge(message: Delivered): boolean
  /** A message was not kept: it must be delivered again. */
  refused(error: unknown): void
  /** There is room again for messages that wait. */
  goOn(): void
}

export interface ReceptionEvents {
  /** A message is in the log, and acknowledged where it wants to be. */
  kept(): void
  notKept(error: unknown): void
}

/**
 * Hands what the broker delivers to the intake, over all connections of this process: messages of a connection that
 * has gone may still be on their way into the log, and count against the same limit.
 */
export class Reception {
  messages = 0
  redelivered = 0
  inFlight = 0
  private closing = false
  private idle: (() => void) | undefined
  private newest: Acknowledger | undefined
  /** Messages that are kept by one promise, those of a group commit: they are watched once. */
  private together: { readonly kept: Promise<void>; messages: number } | undefined

  constructor(
    private readonly intake: Pick<Intake, 'message' | 'oversized'>,
    private readonly limit: number,
    private readonly events: ReceptionEvents,
  ) {}

  /** While closing everything has room: it is dropped unacknowledged, and comes again to the next process. */
  hasRoom(): boolean {
    return this.closing || this.inFlight < this.limit
  }

  /** The way in of one connection. Acknowledgements leave in the order of arrival (MQTT-4.6.0-2). */
  open(connection: Acknowledger): (message: Delivered) => void {
    this.newest = connection
    const acks = new AckQueue<Delivered>((messages, error) => {
      if (error) connection.refused(error)
      else for (const message of messages) if (connection.acknowledge(message)) this.events.kept()
    })
    return (message) => {
      if (this.closing) return
      const kept = this.keep(message)
      if (message.qos === 0) {
        kept.then(this.events.kept, () => {})
        return
      }
      acks.add(kept, message)
    }
  }

  /** Takes no more; resolves when everything that was on its way is kept or refused. */
  close(): Promise<void> {
    this.closing = true
    this.newest?.goOn()
    return new Promise((resolve) => {
      if (this.inFlight === 0) resolve()
      else this.idle = resolve
    })
  }

  private keep(message: Delivered): Promise<void> {
    this.messages++
    if (message.again) this.redelivered++
    this.inFlight++
    const kept = this.hand(message)
    if (this.together?.kept === kept) this.together.messages++
    else this.watch(kept)
    return kept
  }

  private watch(kept: Promise<void>): void {
    const together = { kept, messages: 1 }
    this.together = together
    kept.then(
      () => this.settled(together.messages),
      (error) => {
        this.settled(together.messages)
        this.events.notKept(error)
      },
    )
  }

  /** Whatever is thrown is a message that was not kept. */
  private hand({ topic, payload, bytes, cut }: Delivered): Promise<void> {
    try {
      return cut ? this.intake.oversized(topic, bytes, payload) : this.intake.message(topic, payload)
    } catch (thrown) {
      return Promise.reject(thrown)
    }
  }

  private settled(messages: number): void {
    const wasFull = this.inFlight >= this.limit
    this.inFlight -= messages
    if (this.inFlight === 0) this.idle?.()
    if (wasFull) this.newest?.goOn()
  }
}
