import { Aedes, type AedesOptions, type Client, type PublishPacket } from 'aedes'
import { ForewarnError, messageOf } from '../../core/errors.ts'
import { parseTopic } from '../codec/topic.ts'
import type { PublishOptions } from '../inlet.ts'

type Done = (error?: Error) => void
/** What its own handlers call; the types of aedes know only `publish(packet, done)`. */
type Publish = (packet: PublishPacket, client: Client | null, done: Done) => void

/**
 * aedes, but what devices publish as telemetry ends in the log: it is not routed to subscribers. A subscriber that
 * stops reading would otherwise stall every publisher until `drainTimeout`. Status, events and scores are routed, as
 * is what the broker says itself.
 */
export class IngestBroker extends Aedes {
  static async start(options: AedesOptions): Promise<IngestBroker> {
    const broker = new IngestBroker(options)
    await broker.listen()
    return broker
  }

  /** Sends a message of our own to whoever subscribed, telemetry too. Rejects with BROKER_UNAVAILABLE. */
  send(topic: string, payload: string | Uint8Array, { qos = 0, retain = false }: PublishOptions = {}) {
    const packet = { cmd: 'publish' as const, topic, payload: Buffer.from(payload), qos, retain, dup: false }
    return new Promise<void>((resolve, reject) => {
      this.publish(packet, null, (error) => (error ? reject(unsent(error)) : resolve()))
    })
  }

  override publish(packet: PublishPacket, client: Client | null | Done, done: Done = () => {}): void {
    const publish = Aedes.prototype.publish as unknown as Publish
    if (typeof client === 'function') publish.call(this, packet, null, client)
    else if (client && !isRouted(packet.topic)) done()
    else publish.call(this, packet, client, done)
  }
}

const unsent = (error: Error) =>
  new ForewarnError('BROKER_UNAVAILABLE', { url: 'the embedded broker', problem: messageOf(error) }, error)

function isRouted(topic: string): boolean {
  // others than forewarn may listen to what is not of the contract, and Sparkplug devices to their commands
  if (!topic.startsWith('forewarn/')) return true
  // the hot path: no need to look at more of the topic
  if (topic.endsWith('/telemetry')) return false
  return parseTopic(topic) !== undefined
}
