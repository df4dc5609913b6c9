/** One reading of a message, as far as it is looked for again. */
export interface SentReading {
  readonly device: string
  /** Event time, ms. */
  readonly time: number
  readonly vibration: number
}

/** A message of a device. */
export interface Sent {
  readonly topic: string
  readonly payload: string
  readonly readings: readonly SentReading[]
  /** No reading can be made of it: a dead letter has to keep it. */
  readonly isUnreadable?: boolean
  /** Goes out with the DUP flag, as a device does that repeats itself. */
  readonly repeated?: boolean
}

/** (device, time), the identity of a reading. */
export const identityOf = ({ device, time }: Pick<SentReading, 'device' | 'time'>): string =>
  `${device} ${time}`
/** What tells a message that no reading came of. */
export const letterOf = ({ topic, payload }: Pick<Sent, 'topic' | 'payload'>): string => `${topic} ${payload}`

/** What the devices of one installation sent and what was acknowledged to them: that is what must never be lost. */
export class Journal {
  /** Every reading that ever went onto the wire, by its identity. */
  readonly sent = new Map<string, SentReading>()
  /** Those that were acknowledged, and the message that each stood in. */
  readonly acknowledged = new Map<string, Sent>()
  /** Acknowledged messages of which no reading can be made. */
  readonly unreadable = new Set<string>()
  /** Messages, repetitions included; and readings that went onto the wire although they had before. */
  readonly counts = { sent: 0, acknowledged: 0, repeated: 0 }

  noteSent(message: Sent): void {
    this.counts.sent++
    for (const reading of message.readings) {
      const identity = identityOf(reading)
      if (this.sent.has(identity)) this.counts.repeated++
      this.sent.set(identity, reading)
    }
  }

  noteAcknowledged(message: Sent): void {
    this.counts.acknowledged++
    for (const reading of message.readings) this.acknowledged.set(identityOf(reading), message)
    if (message.isUnreadable) this.unreadable.add(letterOf(message))
  }
}
