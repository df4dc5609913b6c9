import { connectAsync, type MqttClient } from 'mqtt'

/** A reading as it goes over the wire, and the topic it goes to. */
export interface Message {
  readonly device: string
  readonly time: number
  readonly topic: string
  readonly payload: string | Buffer
}

/**
 * A device's firmware as it should be: keeps a message until it is acknowledged, and sends it again, in order, after a
 * reconnect. Remembers what was acknowledged: that is what must never be lost.
 */
export class LoadPublisher {
  /** `device time` of every acknowledged reading. */
  readonly acknowledged = new Set<string>()
  private next = 0

  /** `paceMs`: how long each of the `inFlight` lanes waits after an acknowledgement. */
  constructor(
    private readonly messages: readonly Message[],
    private readonly inFlight = 200,
    private readonly paceMs = 0,
  ) {}

  get done(): boolean {
    return this.acknowledged.size === this.messages.length
  }

  /** Publishes until everything is acknowledged, the connection breaks, or `signal` aborts. */
  async run(url: string, signal: AbortSignal): Promise<void> {
    const client = await connectAsync(url, { reconnectPeriod: 0, connectTimeout: 3_000, protocolVersion: 4 })
    client.on('error', () => {})
    const broken = new Promise<void>((resolve) => {
      client.once('close', resolve)
      signal.addEventListener('abort', () => resolve(), { once: true })
    })
    this.next = this.messages.findIndex((m) => !this.acknowledged.has(keyOf(m)))
    if (this.next >= 0) await Promise.race([this.pump(client, signal), broken])
    client.end(true)
  }

  /** Publishes until everything is acknowledged, through broken connections and brokers that are away. */
  async runThrough(url: () => string, signal: AbortSignal): Promise<void> {
    while (!this.done && !signal.aborted) {
      await this.run(url(), signal).catch(() => undefined)
      if (!this.done) await new Promise((resolve) => setTimeout(resolve, 250))
    }
  }

  private async pump(client: MqttClient, signal: AbortSignal): Promise<void> {
    const lane = async () => {
      while (!signal.aborted && client.connected && this.next < this.messages.length) {
        const message = this.messages[this.next++]!
        if (this.acknowledged.has(keyOf(message))) continue
        await client.publishAsync(message.topic, message.payload, { qos: 1 })
        this.acknowledged.add(keyOf(message))
        if (this.paceMs > 0) await new Promise((resolve) => setTimeout(resolve, this.paceMs))
      }
    }
    await Promise.allSettled(Array.from({ length: this.inFlight }, lane))
  }
}

export const keyOf = ({ device, time }: { device: string; time: number }): string => `${device} ${time}`
