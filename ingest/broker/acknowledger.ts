import type { Client } from 'aedes'
import { AckQueue } from '../mqtt/ackQueue.ts'

type Done = (error?: Error | null) => void

/** The identifier of a message that was taken from the stream (0: QoS 0), or what the broker waits for. */
type Waiting = number | Done

/** The parts of a client that aedes keeps to itself. */
interface InnerClient extends Client {
  /** Calls back when the socket has room again, or cuts a client off that does not read for `drainTimeout`. */
  waitForDrain(done: () => void): void
}

/** So many messages of one connection may be on their way into the log; beyond, nothing more is read from it. */
const mostUnderWay = 2_000
/** First byte of a PUBACK (MQTT 3.1.1, section 3.4). */
const puback = 0x40

/**
 * Acknowledges what came over one connection, in the order in which it came: messages that were taken from the stream
 * by PUBACKs of its own, those of one turn in one write, and what the broker handles by calling it back.
 */
export class Acknowledger {
  private readonly queue = new AckQueue<Waiting>((items, error) => this.release(items, error))
  private readonly client: InnerClient
  private underWay = 0
  private ids: number[] = []
  private full = false

  /** `flow`: where messages come from, held while too many are under way. */
  constructor(
    client: Client,
    private readonly flow: { pause(): void; resume(): void },
  ) {
    this.client = client as InnerClient
  }

  /** A message that was taken from the stream. */
  taken(kept: Promise<void>, id: number): void {
    this.underWay++
    this.queue.add(kept, id)
    if (this.underWay >= mostUnderWay) this.hold()
  }

  /** A message that the broker acknowledges when it is called back without an error. */
  handled(kept: Promise<void>, done: Done): void {
    this.queue.add(kept, done)
  }

  private release(items: readonly Waiting[], error: Error | null): void {
    for (const item of items) {
      if (typeof item === 'function') {
        // the broker writes at once
        this.write()
        item(error)
      } else {
        this.underWay--
        if (item > 0 && !error) this.acknowledge(item)
      }
    }
    const wasTaken = items.some((item) => typeof item === 'number')
    // closed, so that the device sends it again
    if (error && wasTaken) this.client.emit('error', error)
    else if (this.full && this.underWay < mostUnderWay / 2) this.goOn()
  }

  private acknowledge(id: number): void {
    if (this.ids.length === 0) process.nextTick(() => this.write())
    this.ids.push(id)
  }

  private write(): void {
    const { ids, client } = this
    this.ids = []
    if (ids.length === 0 || !client.connected || client.conn.destroyed) return
    const bytes = Buffer.allocUnsafe(4 * ids.length)
    let at = 0
    for (const id of ids) {
      bytes[at++] = puback
      bytes[at++] = 2
      bytes[at++] = id >> 8
      bytes[at++] = id & 255
    }
    if (client.conn.write(bytes)) return
    this.hold()
    client.waitForDrain(() => this.goOn())
  }

  private hold(): void {
    if (this.full) return
    this.full = true
    this.flow.pause()
  }

  private goOn(): void {
    if (!this.full || this.underWay >= mostUnderWay || this.client.conn.writableNeedDrain) return
    this.full = false
    this.flow.resume()
  }
}
