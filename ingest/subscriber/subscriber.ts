import type { Logger } from 'pino'
import { type Clock, systemClock } from '../../core/clock.ts'
import type { Config } from '../../core/config.ts'
import { ForewarnError, messageOf } from '../../core/errors.ts'
import type { Inlet, InletStats, PublishOptions } from '../inlet.ts'
import type { Intake } from '../intake.ts'
import { Backoff } from './backoff.ts'
import { type Connection, HungUp, openConnection } from './connection.ts'
import { Reception } from './reception.ts'
import { unavailable } from './refusals.ts'
import { type Server, serverOf } from './server.ts'
import { memoryOnly, type SessionMemory } from './sessionMemory.ts'
import { filtersOf } from './subscription.ts'

export interface SubscriberStats extends InletStats {
  /** The broker's URL without user and password. */
  readonly broker: string
  /** Messages on their way into the log. */
  readonly inFlight: number
  /** Messages that came a second time, as the broker says. */
  readonly redelivered: number
  /** Connections after the first. */
  readonly reconnects: number
  /** How often the broker had lost our session, and with it what it held for us. */
  readonly forgotten: number
  /** Members of this group share the messages; one that is gone for good strands what the broker gave it. */
  readonly shareGroup?: string
}

export interface Subscriber extends Inlet {
  stats(): SubscriberStats
}

export interface SubscriberOptions {
  readonly config: Config['mqtt']
  /** Stable: it names the session that the broker keeps for us. */
  readonly clientId: string
  readonly topics: readonly string[]
  readonly intake: Pick<Intake, 'message' | 'oversized'>
  readonly logger: Pick<Logger, 'info' | 'warn' | 'debug'>
  readonly clock?: Clock | undefined
  /** Default: forgotten with the process. */
  readonly memory?: SessionMemory | undefined
  readonly timing?: Partial<SubscriberTiming> | undefined
}

export interface SubscriberTiming {
  readonly keepaliveSeconds: number
  /** Waits before another try to connect: the first, doubled up to the longest, ms. */
  readonly firstWaitMs: number
  readonly longestWaitMs: number
}

const usualTiming: SubscriberTiming = { keepaliveSeconds: 30, firstWaitMs: 250, longestWaitMs: 5_000 }

/**
 * Subscribes at the external broker of mqtt.url and stays subscribed. A broker that is away at the start is waited for;
 * `stats().problem` says so. Throws BROKER_MISCONFIGURED where waiting does not help (user, rights, TLS), CONFIG_INVALID.
 */
export async function startSubscriber(options: SubscriberOptions): Promise<Subscriber> {
  const subscriber = new ExternalSubscriber(options, serverOf(options.config))
  await subscriber.start()
  return subscriber
}

class ExternalSubscriber implements Subscriber {
  private readonly reception: Reception
  private readonly backoff: Backoff
  private readonly timing: SubscriberTiming
  private readonly filters: readonly string[]
  private readonly clock: Clock
  private readonly memory: SessionMemory
  private readonly stop = new AbortController()
  private connection: Connection | undefined
  private staying: Promise<void> = Promise.resolve()
  private closed: Promise<void> | undefined
  private connections = 0
  private forgotten = 0
  /** Why there is no connection. */
  private away: string | undefined
  /** Why messages are not kept, until one is. */
  private unkept: string | undefined

  constructor(
    private readonly options: SubscriberOptions,
    private readonly server: Server,
  ) {
    this.timing = { ...usualTiming, ...options.timing }
    this.filters = filtersOf(options.topics, options.config.shareGroup)
    this.clock = options.clock ?? systemClock
    this.memory = options.memory ?? memoryOnly()
    this.backoff = new Backoff(this.timing.firstWaitMs, this.timing.longestWaitMs)
    this.reception = new Reception(options.intake, options.config.receiveMaximum, {
      kept: () => this.kept(),
      notKept: (error) => this.notKept(error),
    })
  }

  async start(): Promise<void> {
    await this.connect().catch((error) => {
      if (error instanceof ForewarnError && error.next === 'stop') throw error
      this.lost(error)
    })
    this.staying = this.stay()
  }

  stats(): SubscriberStats {
    const { messages, redelivered, inFlight } = this.reception
    const { shareGroup } = this.options.config
    const problem = [this.away, this.unkept].filter((part) => part !== undefined).join('; ')
    const connected = this.connection !== undefined
    return {
      clients: connected ? 1 : 0,
      connected,
      messages,
      refused: 0,
      broker: this.server.shown,
      inFlight,
      redelivered,
      reconnects: Math.max(0, this.connections - 1),
      forgotten: this.forgotten,
      ...(shareGroup === '' ? {} : { shareGroup }),
      ...(problem === '' ? {} : { problem }),
    }
  }

  async publish(topic: string, payload: string | Uint8Array, options: PublishOptions = {}): Promise<void> {
    if (!this.connection) throw unavailable(this.server, this.away ?? 'not connected yet')
    await this.connection.publish(topic, Buffer.from(payload), options)
  }

  close(): Promise<void> {
    this.closed ??= this.end()
    return this.closed
  }

  private async end(): Promise<void> {
    this.stop.abort()
    await this.reception.close()
    // acknowledgements of one turn leave at its end
    await new Promise((resolve) => setImmediate(resolve))
    await this.connection?.close()
    await this.staying
  }

  private async stay(): Promise<void> {
    const { signal } = this.stop
    while (!signal.aborted) {
      if (this.connection) await this.outlast(this.connection)
      if (signal.aborted) return
      await this.clock.sleep(this.backoff.next(), signal)
      if (!signal.aborted) await this.connect().catch((error) => this.lost(error))
    }
  }

  private async outlast(connection: Connection): Promise<void> {
    const since = this.clock.elapsed()
    const reason = await connection.ended
    this.connection = undefined
    if (this.clock.elapsed() - since > this.timing.longestWaitMs) this.backoff.reset()
    this.lost(reason)
  }

  private async connect(): Promise<void> {
    const { config, clientId } = this.options
    const known = this.knownSession()
    const connection = await openConnection({
      server: this.server,
      clientId,
      subscription: {
        filters: this.filters,
        stale: known?.filters.filter((filter) => !this.filters.includes(filter)) ?? [],
        shared: config.shareGroup !== '',
      },
      reception: this.reception,
      receiveMaximum: config.receiveMaximum,
      sessionExpirySeconds: Math.min(Math.ceil(config.sessionExpiryHours * 3600), 0xffff_ffff),
      maxPayloadBytes: config.maxPayloadBytes,
      keepaliveSeconds: this.timing.keepaliveSeconds,
      signal: this.stop.signal,
    })
    this.arrived(connection, known !== undefined)
  }

  private knownSession() {
    const known = this.memory.recall()
    const ours = known?.broker === this.server.shown && known.clientId === this.options.clientId
    return ours ? known : undefined
  }

  private arrived(connection: Connection, hadSession: boolean): void {
    const { logger, clientId } = this.options
    this.connection = connection
    this.connections++
    this.away = undefined
    const place = { broker: this.server.shown, clientId }
    if (hadSession && !connection.sessionPresent) {
      this.forgotten++
      logger.warn(
        place,
        'the broker has forgotten our session: what it held for us is lost; subscribed anew. docs/brokers.md names the settings that prevent it',
      )
    } else logger.info(place, 'subscribed at the broker')
    this.remember()
  }

  private remember(): void {
    const { clientId, logger } = this.options
    try {
      this.memory.remember({ broker: this.server.shown, clientId, filters: this.filters })
    } catch (error) {
      const problem = messageOf(error)
      logger.warn(
        { problem },
        'that the broker has our session was not noted: if it forgets, that goes unnamed',
      )
    }
  }

  private lost(error: unknown): void {
    const problem = messageOf(error)
    const { logger } = this.options
    if (error instanceof HungUp) {
      logger.debug({ problem }, 'hung up at the broker')
      return
    }
    if (this.away !== problem) logger.warn({ problem, ...remedyOf(error) }, 'no connection to the broker')
    this.away = problem
  }

  private kept(): void {
    this.backoff.reset()
    if (this.unkept === undefined) return
    this.options.logger.info({ broker: this.server.shown }, 'messages are kept again')
    this.unkept = undefined
  }

  private notKept(error: unknown): void {
    const problem = messageOf(error)
    if (this.unkept === undefined) this.options.logger.warn({ problem }, 'messages are not acknowledged')
    this.unkept = `messages are not acknowledged: ${problem}`
  }
}

const remedyOf = (error: unknown) => (error instanceof ForewarnError ? { remedy: error.remedy } : {})
