import { type IClientOptions, type IDisconnectPacket, MqttClient } from 'mqtt'
import type { ForewarnError } from '../../core/errors.ts'
import type { PublishOptions } from '../inlet.ts'
import { PublishTap } from './publishTap.ts'
import type { Reception } from './reception.ts'
import { connectFailure, isReset, notAnswered, sessionTakenOver, unavailable } from './refusals.ts'
import { dial, type Server } from './server.ts'
import { type Subscription, subscribe } from './subscription.ts'

export interface ConnectionOptions {
  readonly server: Server
  readonly clientId: string
  readonly subscription: Subscription
  readonly reception: Reception
  readonly receiveMaximum: number
  readonly sessionExpirySeconds: number
  readonly maxPayloadBytes: number
  readonly keepaliveSeconds: number
  /** Gives up connecting; a connection that stands is ended by `close`. */
  readonly signal: AbortSignal
}

/** We ended the connection ourselves. */
export class HungUp extends Error {}

/** One connection to the broker, from CONNECT to its end; a new one is a new object. */
export interface Connection {
  /** Whether the broker still knew our session when we came. */
  readonly sessionPresent: boolean
  /** Resolves with the reason when it is over. */
  readonly ended: Promise<ForewarnError | HungUp>
  publish(topic: string, payload: Buffer, options: PublishOptions): Promise<void>
  /** DISCONNECT; the session stays with the broker. */
  close(): Promise<void>
}

const connectTimeoutMs = 10_000
/** A broker that does not hang up after our DISCONNECT is left after so long, ms. */
const farewellMs = 1_000

/** Connects and subscribes. Throws BROKER_UNAVAILABLE, BROKER_MISCONFIGURED, HungUp. */
export async function openConnection(options: ConnectionOptions): Promise<Connection> {
  const connection = new LiveConnection(options)
  await connection.ready
  return connection
}

class LiveConnection implements Connection {
  sessionPresent = false
  readonly ended: Promise<ForewarnError | HungUp>
  readonly ready: Promise<void>
  private readonly client: MqttClient
  private tap!: PublishTap
  private reason: unknown
  private answered = false
  private readonly lifeSigns: NodeJS.Timeout
  /** Where to say that what we publish was not acknowledged: the library keeps it for a connection that never comes. */
  private readonly unsent = new Set<(error: unknown) => void>()

  constructor(private readonly options: ConnectionOptions) {
    this.client = new MqttClient(() => this.openTap(), clientOptions(options))
    this.client.on('error', (error) => this.because(error))
    this.client.on('disconnect', (packet) => this.hangUp(this.dismissal(packet)))
    this.lifeSigns = setInterval(() => this.showLife(), (options.keepaliveSeconds * 1000) / 3)
    this.ended = new Promise((resolve) => {
      this.client.once('close', () => {
        clearInterval(this.lifeSigns)
        const verdict = this.verdict()
        for (const fail of this.unsent) fail(verdict)
        resolve(verdict)
      })
    })
    this.ready = this.begin()
  }

  publish(topic: string, payload: Buffer, { qos = 0, retain = false }: PublishOptions): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (error: unknown) => reject(connectFailure(error, this.options.server))
      this.unsent.add(fail)
      this.client.publish(topic, payload, { qos, retain }, (error) => {
        this.unsent.delete(fail)
        if (error) fail(error)
        else resolve()
      })
    })
  }

  async close(): Promise<void> {
    this.because(new HungUp('forewarn is closing'))
    const patience = setTimeout(() => this.tap.destroy(), farewellMs)
    // what waits for a PUBACK of the broker would hold the farewell up
    this.client.end(false)
    await this.ended
    clearTimeout(patience)
  }

  private openTap(): PublishTap {
    const { server, reception, maxPayloadBytes } = this.options
    this.tap = new PublishTap(dial(server), {
      version: server.version,
      maxPayloadBytes,
      hasRoom: () => reception.hasRoom(),
      take: reception.open({
        acknowledge: (message) => this.tap.acknowledge(message),
        refused: () => this.hangUp(new HungUp('a message was not kept')),
        goOn: () => this.tap.goOn(),
      }),
    })
    this.tap.on('error', (error) => this.because(error))
    return this.tap
  }

  private async begin(): Promise<void> {
    const { signal } = this.options
    const giveUp = () => this.hangUp(new HungUp('forewarn is closing'))
    signal.addEventListener('abort', giveUp, { once: true })
    try {
      await Promise.race([this.subscribed(), this.ended.then((reason) => Promise.reject(reason))])
    } catch (error) {
      this.hangUp(error)
      throw await this.ended
    } finally {
      signal.removeEventListener('abort', giveUp)
    }
  }

  private async subscribed(): Promise<void> {
    const { sessionPresent } = await new Promise<{ sessionPresent: boolean }>((resolve) =>
      this.client.once('connect', resolve),
    )
    this.answered = true
    this.sessionPresent = sessionPresent
    await subscribe(this.client, this.options.server, this.options.subscription)
  }

  /** What is not acknowledged comes again with the next connection. */
  private hangUp(reason: unknown): void {
    this.because(reason)
    this.tap.hangUp()
  }

  private verdict(): ForewarnError | HungUp {
    if (this.reason instanceof HungUp) return this.reason
    const closed = this.reason === undefined || isReset(this.reason)
    return closed ? this.noAnswer() : connectFailure(this.reason, this.options.server)
  }

  private because(reason: unknown): void {
    this.reason ??= reason
  }

  /**
   * A PINGRESP may come too late although the broker lives: while we read nothing, and while its PINGREQ waits behind
   * acknowledgements that the broker finds no time for (Mosquitto takes one packet of each connection in turn). So
   * whoever delivers is alive, as it would be to the library if it saw the messages; and we let hear from us.
   */
  private showLife(): void {
    if (!this.client.connected || !this.tap.givesLifeSign()) return
    this.client.sendPing()
    this.client.reschedulePing(true)
  }

  private dismissal({ reasonCode, properties }: IDisconnectPacket): ForewarnError {
    const { server, clientId } = this.options
    if (reasonCode === 142) return sessionTakenOver(server, clientId)
    const words = properties?.reasonString ?? (reasonCode === 139 ? 'it shuts down' : `reason ${reasonCode}`)
    return unavailable(server, `it ended the connection: ${words}`)
  }

  private noAnswer(): ForewarnError {
    const { server, clientId } = this.options
    // Mosquitto 2.0 does not say it when another client takes the session over
    const takenOver = `it closed the connection (does another client use the id ${clientId}, too?)`
    return this.answered ? unavailable(server, takenOver) : notAnswered(server, this.reason)
  }
}

function clientOptions(options: ConnectionOptions): IClientOptions {
  const { server, clientId, keepaliveSeconds, receiveMaximum, sessionExpirySeconds } = options
  return {
    clientId,
    clean: false,
    protocolVersion: server.version === '5' ? 5 : 4,
    keepalive: keepaliveSeconds,
    connectTimeout: connectTimeoutMs,
    // a lost connection is an end: what comes after it is the subscriber's to decide
    reconnectPeriod: 0,
    resubscribe: false,
    ...(server.user === undefined ? {} : { username: server.user }),
    ...(server.password === undefined ? {} : { password: server.password }),
    ...(server.version === '5'
      ? { properties: { receiveMaximum, sessionExpiryInterval: sessionExpirySeconds } }
      : {}),
  }
}
