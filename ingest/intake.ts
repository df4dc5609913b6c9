import type { Catalogue } from '../core/catalogue.ts'
import type { Clock } from '../core/clock.ts'
import type { Config } from '../core/config.ts'
import type { LifeEvent } from '../core/device.ts'
import { decodeEvent } from './codec/event.ts'
import { printable, readingsIn } from './codec/json.ts'
import type { TelemetryDecoder } from './codec/telemetry.ts'
import { type DeviceTopic, parseTopic } from './codec/topic.ts'
import { Decoding } from './intakeDecoding.ts'
import { IntakeKeeper, type Message } from './intakeKeeper.ts'
import { type IntakeMapping, MappedIntake } from './intakeMapped.ts'
import type { NewDevice } from './intakePlaces.ts'
import type { IntakeStats } from './intakeStats.ts'
import type { OpenLog } from './log/log.ts'

export type { IntakeMapping } from './intakeMapped.ts'
export type { NewDevice } from './intakePlaces.ts'
export type { IntakeStats } from './intakeStats.ts'

export interface IntakeOptions {
  readonly catalogue: Catalogue
  readonly log: Pick<OpenLog, 'append' | 'devices'>
  readonly clock: Clock
  readonly config: Config['ingest'] & { readonly maxPayloadBytes: number }
  /** Devices that were heard for the first time; called after their readings are durable. */
  onNewDevices(devices: readonly NewDevice[]): void
  /** A life event; its message is acknowledged when this resolves, and sent again by the device when it rejects. */
  onLifeEvent(event: LifeEvent): Promise<void> | void
  /** What a device says of itself on `.../status`, its last will included. */
  onStatus?(device: DeviceTopic, payload: Uint8Array): void
  readonly newId?: () => string
  /** For topics that are not of the contract; without it they are dead letters `bad_topic`. */
  readonly mapping?: IntakeMapping | undefined
}

/** Where messages of any transport come in. */
export interface Intake {
  /**
   * Takes one message. Resolves when everything in it is durable: readings in the log, what could not be accepted as
   * dead letters. Rejects only when it must not be acknowledged (LOG_FULL, LOG_FAILED, a life event that was not kept).
   */
  message(topic: string, payload: Uint8Array): Promise<void>
  /** A packet beyond the limit that the transport did not keep: dead letter `too_large` with its first bytes. */
  oversized(topic: string, bytes: number, head: Uint8Array): Promise<void>
  stats(): IntakeStats
}

/** Of a payload beyond the limit so much is kept. */
const keptOfOversized = 4096

export function createIntake(options: IntakeOptions): Intake {
  return new CatalogueIntake(options)
}

/** What the topic of a device that has its place for good leads to. */
interface Source {
  readonly place: DeviceTopic
  readonly decoder: TelemetryDecoder
}

class CatalogueIntake implements Intake {
  /** By telemetry topic; no more than there are devices. */
  private readonly sources = new Map<string, Source>()
  private readonly keeper: IntakeKeeper
  private readonly decoding: Decoding
  private readonly mapped: MappedIntake | undefined

  constructor(private readonly options: IntakeOptions) {
    const { catalogue, clock, config, mapping, onStatus } = options
    this.keeper = new IntakeKeeper(options)
    this.decoding = new Decoding(catalogue, config)
    const { keeper, decoding } = this
    this.mapped = mapping && new MappedIntake({ ...mapping, catalogue, clock, keeper, decoding, onStatus })
  }

  message(topic: string, payload: Uint8Array): Promise<void> {
    this.keeper.counted.messages++
    if (payload.length > this.options.config.maxPayloadBytes) {
      return this.tooLarge(topic, payload.length, payload)
    }
    const source = this.sources.get(topic)
    if (source) return this.reading({ topic, payload }, source)
    const parsed = parseTopic(topic)
    if (!parsed) return this.foreign({ topic, payload })
    if (parsed.kind === 'telemetry') return this.telemetry({ topic, payload }, parsed)
    if (parsed.kind === 'event') return this.event({ topic, payload }, parsed)
    this.keeper.counted[parsed.kind]++
    if (parsed.kind === 'status') this.options.onStatus?.(parsed, payload)
    return Promise.resolve()
  }

  oversized(topic: string, bytes: number, head: Uint8Array): Promise<void> {
    this.keeper.counted.messages++
    return this.tooLarge(topic, bytes, head)
  }

  stats(): IntakeStats {
    return this.keeper.stats()
  }

  private telemetry(message: Message, place: DeviceTopic): Promise<void> {
    const { payload } = message
    const decoder = this.decoding.of(place.assetType)
    if (!decoder) {
      return this.keeper.refuse(message, 'unknown_asset_type', place.assetType, readingsIn(payload))
    }
    const { places } = this.keeper
    const elsewhere = places.conflict(place)
    if (elsewhere) return this.keeper.refuse(message, 'wrong_place', elsewhere, readingsIn(payload))
    const source = { place, decoder }
    if (places.isSettled(place)) this.sources.set(message.topic, source)
    return this.reading(message, source)
  }

  private reading(message: Message, { place, decoder }: Source): Promise<void> {
    const now = this.options.clock.now()
    const decoded = decoder.decode(message.payload, this.decoding.context(place, now))
    return this.keeper.keep(message, place, decoded, now)
  }

  /** The contract's own topics and those of the broker are never mapped. */
  private foreign(message: Message): Promise<void> {
    const { topic, payload } = message
    const own = topic.startsWith('forewarn/') || topic.startsWith('$')
    if (this.mapped && !own) return this.mapped.message(message)
    return this.keeper.refuse(message, 'bad_topic', printable(topic), readingsIn(payload))
  }

  private event(message: Message, place: DeviceTopic): Promise<void> {
    const elsewhere = this.keeper.places.conflict(place)
    if (elsewhere) return this.keeper.refuse(message, 'wrong_place', elsewhere, 0)
    const newest = this.options.clock.now() + this.options.config.maxFutureMs
    const decoded = decodeEvent(message.payload, place.device, newest)
    if (!decoded.ok) return this.keeper.refuse(message, decoded.reason, decoded.detail, 0)
    this.keeper.counted.event++
    return Promise.resolve(this.options.onLifeEvent(decoded.event)).catch((error) => {
      throw this.keeper.unkept(error)
    })
  }

  private tooLarge(topic: string, bytes: number, head: Uint8Array): Promise<void> {
    const detail = `${bytes} bytes, the limit is ${this.options.config.maxPayloadBytes}; the first are kept`
    const payload = head.subarray(0, keptOfOversized)
    return this.keeper.refuse({ topic, payload }, 'too_large', detail, 1)
  }
}
