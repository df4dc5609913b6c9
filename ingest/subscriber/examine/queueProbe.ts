import { setTimeout as pause } from 'node:timers/promises'
import type { Server } from '../server.ts'
import type { BrokerFinding } from './finding.ts'
import { type Visitor, visit } from './visitor.ts'

/** More than the 1,000 messages a session that Mosquitto and EMQX keep by default. */
const probeMessages = 1_500
const sessionSeconds = 300
const inFlight = 10
/** A message that another client has published is here by then, ms; and so is the next one of a queue. */
const arrivalMs = 2_000

const what = 'MQTT queue'

/**
 * Tries whether the broker keeps for an absent subscriber what it has acknowledged to a publisher: a session of our
 * own subscribes, leaves, and counts what it gets when it is back. The topic is outside of everything that forewarn
 * subscribes to; the session is taken away at the end.
 */
export async function probeQueue(server: Server, id: string): Promise<BrokerFinding> {
  const probe = new QueueProbe(server, `${id}-queue`, `forewarn-doctor/${id}`)
  try {
    return await probe.run()
  } finally {
    await probe.cleanUp()
  }
}

class QueueProbe {
  private received = 0
  private publisher: Visitor | undefined
  private subscriber: Visitor | undefined

  constructor(
    private readonly server: Server,
    private readonly session: string,
    private readonly topic: string,
  ) {}

  async run(): Promise<BrokerFinding> {
    this.subscriber = await this.come()
    this.publisher = await visit(this.server, { clientId: `${this.session}-publisher` })
    if (!(await this.delivers(this.subscriber))) return notProbed(this.topic)
    await this.subscriber.leave()
    const acknowledged = await this.publish(probeMessages)
    this.received = 0
    this.subscriber = await this.come()
    if (!this.subscriber.connack.sessionPresent) return noSession
    await this.arrived(acknowledged)
    return judge(this.received, acknowledged)
  }

  async cleanUp(): Promise<void> {
    await this.publisher?.leave()
    await this.subscriber?.leave()
    // a clean session in its place ends the one that was kept
    await visit(this.server, { clientId: this.session }).then(
      (visitor) => visitor.leave(),
      () => {},
    )
  }

  private come(): Promise<Visitor> {
    const onMessage = () => {
      this.received++
    }
    return visit(this.server, { clientId: this.session, sessionSeconds, onMessage })
  }

  /** Whether this user may use the topic: not every broker says so when it does not. */
  private async delivers({ client }: Visitor): Promise<boolean> {
    const granted = await client.subscribeAsync(this.topic, { qos: 1 }).catch(() => [])
    if (granted[0]?.qos !== 1) return false
    await this.publish(1)
    await this.arrived(1)
    return this.received > 0
  }

  /** Returns how many of them the broker acknowledged. */
  private async publish(count: number): Promise<number> {
    let left = count
    let acknowledged = 0
    const lane = async () => {
      while (left-- > 0) {
        await this.publisher?.client.publishAsync(this.topic, 'probe', { qos: 1 })
        acknowledged++
      }
    }
    await Promise.allSettled(Array.from({ length: inFlight }, lane))
    return acknowledged
  }

  /** Resolves when so many are here, or no more come. */
  private async arrived(expected: number): Promise<void> {
    let last = -1
    let quietMs = 0
    while (this.received < expected && quietMs < arrivalMs) {
      quietMs = this.received === last ? quietMs + 20 : 0
      last = this.received
      await pause(20)
    }
  }
}

const unseen = 'whether they outlive its own restart cannot be seen from here: docs/brokers.md'

function judge(received: number, acknowledged: number): BrokerFinding {
  const kept = `it kept ${received} of ${acknowledged} messages that it had acknowledged while we were away`
  if (received >= acknowledged) return { what, level: 'ok', detail: `${kept}; ${unseen}` }
  const remedy =
    'Let it queue without a limit by number and with one by memory: Mosquitto max_queued_messages 0 and max_queued_bytes, EMQX mqtt.max_mqueue_len; docs/brokers.md has an example.'
  return { what, level: 'problem', detail: kept, remedy }
}

const noSession: BrokerFinding = {
  what,
  level: 'problem',
  detail: 'it does not keep the session of a client that is away, and nothing for it',
  remedy: 'Allow persistent sessions (EMQX: mqtt.session_expiry_interval); docs/brokers.md has an example.',
}

function notProbed(topic: string): BrokerFinding {
  const detail = `what it keeps while we are away was not tried: this user may not publish and subscribe to ${topic}`
  const remedy =
    'Allow both on forewarn-doctor/# and look again, or see to it that its queues have no limit by number (docs/brokers.md).'
  return { what, level: 'warning', detail, remedy }
}
