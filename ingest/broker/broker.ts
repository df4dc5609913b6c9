import { EventEmitter } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { AuthenticateError, Client, PublishPacket } from 'aedes'
import type { Logger } from 'pino'
import type { Config } from '../../core/config.ts'
import { ForewarnError, messageOf } from '../../core/errors.ts'
import type { TlsPair } from '../../core/tls.ts'
import type { Inlet } from '../inlet.ts'
import type { Intake } from '../intake.ts'
import { Acknowledger } from './acknowledger.ts'
import { admission } from './admission.ts'
import { DeviceStream, type Original } from './deviceStream.ts'
import { IngestBroker } from './ingestBroker.ts'

export interface Broker extends Inlet {
  readonly port: number
}

export interface BrokerOptions {
  readonly config: Config['mqtt']
  /** What mqtt.tlsCert and mqtt.tlsKey hold; with it the broker speaks TLS. */
  readonly tls?: TlsPair | undefined
  readonly intake: Pick<Intake, 'message' | 'oversized'>
  readonly logger: Pick<Logger, 'info' | 'warn' | 'debug'>
}

/** A subscriber that has not read for so long is cut off, ms. */
const drainTimeoutMs = 10_000
/** A client need not wait for the answer to its CONNECT (MQTT 3.1.1, section 3.1.4); packets it may send before. */
const maxBeforeConnack = 1000
/** After a message could not be kept, new connections are refused for so long, ms. */
const refusalMs = 1000
/** A client that does not finish the TLS handshake in so long is cut off, ms. */
const handshakeTimeout = 10_000
/** CONNACK return code "server unavailable" (MQTT 3.1.1, table 3.1). */
const serverUnavailable = 3

/** Starts the embedded MQTT 3.1.1 broker. Throws PORT_IN_USE, CONFIG_INVALID. */
export async function startBroker(options: BrokerOptions): Promise<Broker> {
  const gate = new PublishGate(options)
  const aedes = await IngestBroker.start({
    drainTimeout: drainTimeoutMs,
    queueLimit: maxBeforeConnack,
    authenticate: (_client, user, password, done) => gate.authenticate(user, password, done),
    authorizePublish: (client, packet, done) => gate.authorize(client, packet, done),
  })
  aedes.on('clientError', (client, error) => gate.disconnected(client, error))
  aedes.on('connectionError', (client, error) => gate.disconnected(client, error))
  // an emitter's error that nobody hears would end the process
  EventEmitter.prototype.on.call(aedes, 'error', (error: Error) => gate.failed(error))
  const sockets = new Set<Socket>()
  const server = createListener(options.tls, (socket) => gate.guard(aedes.handle(socket)))
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  try {
    await listen(server, options.config)
    server.on('error', (error) => gate.failed(error))
  } catch (thrown) {
    await new Promise<void>((resolve) => aedes.close(() => resolve()))
    throw thrown
  }
  return {
    port: portOf(server),
    stats: () => ({ clients: aedes.connectedClients, connected: !gate.closing, ...gate.counts() }),
    publish: (topic, payload, options) => aedes.send(topic, payload, options),
    close: async () => {
      const stopped = new Promise<void>((resolve) => server.close(() => resolve()))
      await gate.close()
      await new Promise<void>((resolve) => aedes.close(() => resolve()))
      // those that never said CONNECT, or never finished their handshake
      for (const socket of sockets) socket.destroy()
      await stopped
    },
  }
}

type Answer = (error: AuthenticateError | null, success: boolean | null) => void

/** Stands between the broker and the intake: nothing is acknowledged that the intake has not kept. */
class PublishGate {
  closing = false
  private messages = 0
  private refused = 0
  private readonly originals = new WeakMap<object, Original>()
  private readonly acks = new WeakMap<Client, Acknowledger>()
  private readonly inFlight = new Set<Promise<void>>()
  /** By the clock that never jumps. */
  private refuseUntil = 0
  private readonly admit: ReturnType<typeof admission>

  constructor(private readonly options: BrokerOptions) {
    this.admit = admission(options.config.users)
  }

  counts(): { messages: number; refused: number } {
    return { messages: this.messages, refused: this.refused }
  }

  guard(client: Client): void {
    const stream = new DeviceStream(client, {
      // beside the payload: topic and identifiers; a payload just beyond the limit is the intake's to refuse
      maxPacketBytes: this.options.config.maxPayloadBytes + 65_539,
      originals: this.originals,
      take: (topic, payload, id) => this.telemetry(acks, topic, payload, id),
    })
    const acks = new Acknowledger(client, stream)
    this.acks.set(client, acks)
  }

  /** While nothing can be kept, devices are told so at once instead of being held. */
  authenticate(user: string | undefined, password: Buffer | undefined, done: Answer): void {
    const open = !this.closing && performance.now() >= this.refuseUntil
    const refusal = open ? this.admit(user, password) : unavailable()
    if (open && refusal) this.refused++
    done(refusal ?? null, refusal === undefined)
  }

  /** The broker acknowledges when `done` is called without an error, and closes the connection with one. */
  authorize(client: Client | null, packet: PublishPacket, done: (error?: Error | null) => void): void {
    // never called back: not acknowledged, the device sends it again to the next process
    if (this.closing && client) return
    this.messages++
    const kept = this.take(packet)
    this.track(kept)
    const acks = client && this.acks.get(client)
    if (acks) acks.handled(kept, done)
    else kept.then(() => done(null), done)
  }

  /** Resolves when everything that was on its way is kept or refused, and its answer written. */
  async close(): Promise<void> {
    this.closing = true
    while (this.inFlight.size > 0) await Promise.allSettled(this.inFlight)
    await new Promise((resolve) => setImmediate(resolve))
  }

  disconnected(client: Client, error: Error): void {
    this.options.logger.debug({ client: client.id, problem: error.message }, 'mqtt connection closed')
  }

  /** Something beside a connection: no file descriptor left to accept one, for instance. */
  failed(error: Error): void {
    this.options.logger.warn({ problem: error.message }, 'mqtt broker error')
  }

  /** A message that was taken from the stream, before the broker. */
  private telemetry(acks: Acknowledger, topic: string, payload: Buffer, id: number): void {
    // not acknowledged: the device sends it again to the next process
    if (this.closing) return
    this.messages++
    const kept = this.options.intake.message(topic, payload)
    this.track(kept)
    acks.taken(kept, id)
  }

  private take(packet: PublishPacket): Promise<void> {
    const { intake } = this.options
    const payload = bytesOf(packet.payload)
    const original = this.originals.get(packet)
    if (original?.oversized !== undefined)
      return intake.oversized(original.topic, original.oversized, payload)
    return intake.message(original?.topic ?? packet.topic, payload)
  }

  /** Messages of one group commit share its promise: it is watched once. */
  private track(kept: Promise<void>): void {
    if (this.inFlight.has(kept)) return
    this.inFlight.add(kept)
    const settled = () => this.inFlight.delete(kept)
    kept.then(settled, (error) => {
      settled()
      this.notKept(error)
    })
  }

  /** Only a log that cannot take anything closes the door to everybody. */
  private notKept(error: unknown): void {
    if (!(error instanceof ForewarnError && error.code.startsWith('LOG_'))) return
    const first = performance.now() >= this.refuseUntil
    this.refuseUntil = performance.now() + refusalMs
    if (first) this.options.logger.warn({ problem: messageOf(error) }, 'mqtt messages are not acknowledged')
  }
}

function unavailable(): AuthenticateError {
  const error = new Error('nothing can be kept at the moment')
  return Object.assign(error, { returnCode: serverUnavailable })
}

const bytesOf = (payload: Buffer | string): Buffer =>
  typeof payload === 'string' ? Buffer.from(payload) : payload

function createListener(tls: TlsPair | undefined, accept: (socket: Socket) => void): Server {
  return tls
    ? createTlsServer({ ...tls, handshakeTimeout, noDelay: true }, accept)
    : createServer({ noDelay: true }, accept)
}

function listen(server: Server, { host, port }: Config['mqtt']): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, host, port)))
    server.listen(port, host, () => resolve())
  })
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === 'EADDRINUSE') {
    return new ForewarnError('PORT_IN_USE', { port, what: 'mqtt', host, key: 'mqtt.port' }, error)
  }
  const path = error.code === 'EACCES' ? 'mqtt.port' : 'mqtt.host'
  const source = 'forewarn.yaml'
  return new ForewarnError('CONFIG_INVALID', { path, problem: error.message, source }, error)
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}
