import { randomUUID } from 'node:crypto'
import mqtt from 'mqtt'

/**
 * One connection to the broker that loses nothing: QoS 1, a bounded number of messages in flight, and whatever was
 * not acknowledged is sent again in order after a reconnect. mqtt.js keeps the unacknowledged in its store; the few
 * that it gives back when a connection breaks during that replay are kept here.
 */
export interface Publisher {
  /**
   * Sends a message; resolves once it is on its way, which waits while the connection is down or too much is in
   * flight. `acknowledged` is called once, when the broker has taken responsibility. After `close` nothing is sent.
   */
  publish(topic: string, payload: string, acknowledged: () => void): Promise<void>
  /** Messages on their way that the broker has not acknowledged. */
  inFlight(): number
  /** Resolves when the broker has acknowledged everything, or on `close`. */
  drained(): Promise<void>
  /** Waits up to `timeoutMs` for the broker to acknowledge what is in flight, then disconnects. */
  close(timeoutMs?: number): Promise<void>
}

export interface PublisherOptions {
  /** `mqtt://host:port`. */
  readonly url: string
  /** PEM of the authority that signed the broker's certificate; undefined: those that Node.js trusts. */
  readonly ca?: string | undefined
  /** Start of the client id; the rest is drawn, for a broker drops the older of two clients of one name. */
  readonly name: string
  /** Most messages without acknowledgement. */
  readonly maxInFlight?: number | undefined
}

interface Message {
  readonly topic: string
  readonly payload: string
  readonly acknowledged: () => void
}

const reconnectMs = 200

export function openPublisher({ url, ca, name, maxInFlight = 256 }: PublisherOptions): Publisher {
  const client = mqtt.connect(url, {
    clientId: `${name}-${randomUUID().slice(0, 8)}`,
    protocolVersion: 4,
    reconnectPeriod: reconnectMs,
    // a broker whose log is full says "server unavailable": mqtt.js would take that for the last word
    reconnectOnConnackError: true,
    connectTimeout: 5000,
    ...(ca === undefined ? {} : { ca }),
  })
  /** Given back by mqtt.js: they go first when the connection is back, in their old order. */
  let givenBack: Message[] = []
  let waiting: (() => void)[] = []
  let flying = 0
  let online = false
  let closed = false

  const wake = () => {
    const woken = waiting
    waiting = []
    for (const go of woken) go()
  }
  const send = (message: Message) => {
    client.publish(message.topic, message.payload, { qos: 1 }, (error) => {
      if (error) {
        givenBack.push(message)
        return
      }
      flying--
      message.acknowledged()
      wake()
    })
  }

  // mqtt.js says `connect` when its own store has been sent again.
  client.on('connect', () => {
    const again = givenBack
    givenBack = []
    for (const message of again) send(message)
    online = true
    wake()
  })
  client.on('close', () => {
    online = false
  })
  // Every failed attempt to connect is an error event; the next attempt follows by itself.
  client.on('error', () => {})

  const hasRoom = () => closed || (online && flying < maxInFlight)
  const changed = () => new Promise<void>((resolve) => waiting.push(resolve))

  return {
    inFlight: () => flying,
    async publish(topic, payload, acknowledged) {
      while (!hasRoom()) await changed()
      if (closed) return
      flying++
      send({ topic, payload, acknowledged })
    },
    async drained() {
      while (flying > 0 && !closed) await changed()
    },
    async close(timeoutMs = 5000) {
      closed = true
      wake()
      const deadline = setTimeout(() => {
        flying = 0
        wake()
      }, timeoutMs)
      while (flying > 0) await changed()
      clearTimeout(deadline)
      await client.endAsync(true)
    },
  }
}
