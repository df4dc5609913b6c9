import { connect, type MqttClient } from 'mqtt'
import type { Journal, Sent } from './journal.ts'

export interface LaneOptions {
  readonly journal: Journal
  /** Where to publish at the moment; undefined while there is nobody to connect to. */
  url(): string | undefined
  /** Messages that may be unacknowledged at once. */
  readonly window?: number
}

/** One message and whether it has been acknowledged. */
interface Entry {
  readonly message: Sent
  acknowledgedAt: number | undefined
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/**
 * A device, or a gateway of several, whose firmware is as it should be: one connection, messages in order, each kept
 * until it is acknowledged and sent again, in order, after a reconnect.
 */
export class Lane {
  private entries: Entry[] = []
  /** The entry that goes out next on this connection. */
  private next = 0
  private unacknowledged = 0
  /** Messages that may have gone out by now: what keeps the load spread over the round. */
  private allowed = 0
  private perSecond = Number.POSITIVE_INFINITY
  private readonly window: number
  private readonly closing = new AbortController()
  private running: Promise<void> | undefined

  constructor(private readonly options: LaneOptions) {
    this.window = options.window ?? 100
  }

  /** Queues messages; from now on about `perSecond` go out. */
  add(messages: readonly Sent[], perSecond = Number.POSITIVE_INFINITY): void {
    const isKept = (entry: Entry) => entry.acknowledgedAt === undefined || isRecent(entry)
    const gone = this.entries.slice(0, this.next).filter(isKept)
    const coming = this.entries.slice(this.next)
    this.entries = [
      ...gone,
      ...coming,
      ...messages.map((message) => ({ message, acknowledgedAt: undefined })),
    ]
    this.next = gone.length
    this.unacknowledged += messages.length
    this.perSecond = perSecond
  }

  get isDone(): boolean {
    return this.unacknowledged === 0
  }

  /** Whoever publishes to a broker that may forget its last seconds keeps them and sends them again. */
  sendLastAgain(): void {
    for (const entry of this.entries) {
      if (entry.acknowledgedAt === undefined || !isRecent(entry)) continue
      entry.acknowledgedAt = undefined
      this.unacknowledged++
    }
    this.next = this.firstOpen()
  }

  start(): void {
    this.running ??= this.run()
  }

  async close(): Promise<void> {
    this.closing.abort()
    await this.running
  }

  private async run(): Promise<void> {
    while (!this.closing.signal.aborted) {
      const url = this.options.url()
      if (url !== undefined) await this.session(url).catch(() => undefined)
      await pause(100)
    }
  }

  private async session(url: string): Promise<void> {
    const client = connect(url, { reconnectPeriod: 0, connectTimeout: 2_000, protocolVersion: 4 })
    await connected(client)
    this.next = this.firstOpen()
    let inFlight = 0
    let last = performance.now()
    while (client.connected && !this.closing.signal.aborted) {
      const now = performance.now()
      this.allowed = Math.min(this.window, this.allowed + (this.perSecond * (now - last)) / 1000)
      last = now
      for (; this.allowed >= 1 && inFlight < this.window && this.next < this.entries.length; this.next++) {
        const entry = this.entries[this.next]!
        if (entry.acknowledgedAt !== undefined) continue
        this.allowed--
        inFlight++
        this.publish(client, entry, () => inFlight--)
      }
      await pause(5)
    }
    client.end(true)
  }

  private publish(client: MqttClient, entry: Entry, settled: () => void): void {
    const { message } = entry
    this.options.journal.noteSent(message)
    client.publish(
      message.topic,
      message.payload,
      { qos: 1, dup: message.repeated ?? false },
      (error?: Error | null) => {
        settled()
        // an ended client calls back, too; an acknowledgement is an acknowledgement once
        if (error || entry.acknowledgedAt !== undefined) return
        entry.acknowledgedAt = performance.now()
        this.unacknowledged--
        this.options.journal.noteAcknowledged(message)
      },
    )
  }

  private firstOpen(): number {
    const open = this.entries.findIndex((entry) => entry.acknowledgedAt === undefined)
    return open < 0 ? this.entries.length : open
  }
}

/** Resolves when it is connected or will not be; a connection that breaks before its CONNACK is told by `close` alone. */
function connected(client: MqttClient): Promise<void> {
  return new Promise((resolve) => {
    client.on('connect', () => resolve())
    client.on('close', () => resolve())
    client.on('error', () => resolve())
  })
}

/** So far back a device keeps what was acknowledged, ms. */
const keptMs = 20_000
const isRecent = ({ acknowledgedAt }: Entry): boolean =>
  acknowledgedAt !== undefined && performance.now() - acknowledgedAt < keptMs
