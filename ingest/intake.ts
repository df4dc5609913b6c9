import { randomUUID } from 'node:crypto'
import type { Catalogue } from '../core/catalogue.ts'
import type { Clock } from '../core/clock.ts'
import type { Config } from '../core/config.ts'
import type { LifeEvent } from '../core/device.ts'
import type { DeadLetter, DeadLetterReason } from '../core/reading.ts'
import { decodeEvent } from './codec/event.ts'
import { printable, readingsIn } from './codec/json.ts'
import type { Rejection } from './codec/rejections.ts'
import { type DecodedTelemetry, TelemetryDecoder } from './codec/telemetry.ts'
import { type DeviceTopic, parseTopic } from './codec/topic.ts'
import { DevicePlaces, type NewDevice } from './intakePlaces.ts'
import { SequenceWatch } from './intakeSequence.ts'
import { createStats, type IntakeStats } from './intakeStats.ts'
import type { OpenLog } from './log/log.ts'

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
const dayMs = 86_400_000

export function createIntake(options: IntakeOptions): Intake {
  return new CatalogueIntake(options)
}

class CatalogueIntake implements Intake {
  private readonly decoders: ReadonlyMap<string, TelemetryDecoder>
  private readonly places: DevicePlaces
  private readonly sequence: SequenceWatch
  private readonly counted = createStats()
  private readonly newId: () => string

  constructor(private readonly options: IntakeOptions) {
    this.decoders = new Map([...options.catalogue].map(([name, type]) => [name, new TelemetryDecoder(type)]))
    this.places = new DevicePlaces(options.log.devices(), options.onNewDevices)
    this.sequence = new SequenceWatch(this.counted)
    this.newId = options.newId ?? randomUUID
  }

  message(topic: string, payload: Uint8Array): Promise<void> {
    this.counted.messages++
    if (payload.length > this.options.config.maxPayloadBytes) {
      return this.tooLarge(topic, payload.length, payload)
    }
    const parsed = parseTopic(topic)
    if (!parsed) return this.refuse(topic, payload, 'bad_topic', printable(topic), readingsIn(payload))
    if (parsed.kind === 'telemetry') return this.telemetry(topic, parsed, payload)
    if (parsed.kind === 'event') return this.event(topic, parsed, payload)
    this.counted[parsed.kind]++
    if (parsed.kind === 'status') this.options.onStatus?.(parsed, payload)
    return Promise.resolve()
  }

  oversized(topic: string, bytes: number, head: Uint8Array): Promise<void> {
    this.counted.messages++
    return this.tooLarge(topic, bytes, head)
  }

  stats(): IntakeStats {
    return { ...this.counted, deadLetters: { ...this.counted.deadLetters } }
  }

  private telemetry(topic: string, place: DeviceTopic, payload: Uint8Array): Promise<void> {
    const decoder = this.decoders.get(place.assetType)
    if (!decoder) {
      return this.refuse(topic, payload, 'unknown_asset_type', place.assetType, readingsIn(payload))
    }
    const elsewhere = this.places.conflict(place)
    if (elsewhere) return this.refuse(topic, payload, 'wrong_place', elsewhere, readingsIn(payload))
    const now = this.options.clock.now()
    const decoded = decoder.decode(payload, {
      site: place.site,
      device: place.device,
      receivedAt: now,
      oldest: now - this.options.config.maxPastDays * dayMs,
      newest: now + this.options.config.maxFutureMs,
    })
    return this.append(topic, place, payload, decoded, now)
  }

  private append(
    topic: string,
    place: DeviceTopic,
    payload: Uint8Array,
    decoded: DecodedTelemetry,
    now: number,
  ): Promise<void> {
    const { readings, rejections } = decoded
    const letters = rejections.map((rejection) => this.letter(topic, payload, rejection))
    const isNew = readings.length > 0 && this.places.claim(place)
    return this.options.log.append(readings, letters).then(
      () => {
        this.counted.readings += readings.length
        this.counted.rejectedValues += decoded.rejectedValues
        this.count(letters)
        this.sequence.watch(place.device, readings)
        if (isNew) this.places.confirm(place, now)
      },
      (error) => {
        if (isNew) this.places.release(place)
        throw this.refused(error)
      },
    )
  }

  private event(topic: string, place: DeviceTopic, payload: Uint8Array): Promise<void> {
    const elsewhere = this.places.conflict(place)
    if (elsewhere) return this.refuse(topic, payload, 'wrong_place', elsewhere, 0)
    const newest = this.options.clock.now() + this.options.config.maxFutureMs
    const decoded = decodeEvent(payload, place.device, newest)
    if (!decoded.ok) return this.refuse(topic, payload, decoded.reason, decoded.detail, 0)
    this.counted.event++
    return Promise.resolve(this.options.onLifeEvent(decoded.event)).catch((error) => {
      throw this.refused(error)
    })
  }

  private tooLarge(topic: string, bytes: number, head: Uint8Array): Promise<void> {
    const detail = `${bytes} bytes, the limit is ${this.options.config.maxPayloadBytes}; the first are kept`
    return this.refuse(topic, head.subarray(0, keptOfOversized), 'too_large', detail, 1)
  }

  /** Answers a whole message with one dead letter. */
  private refuse(
    topic: string,
    payload: Uint8Array,
    reason: DeadLetterReason,
    detail: string,
    readings: number,
  ): Promise<void> {
    const letters = [this.letter(topic, payload, { reason, detail, readings })]
    return this.options.log.append([], letters).then(
      () => this.count(letters),
      (error) => {
        throw this.refused(error)
      },
    )
  }

  /** The payload is copied: it is a view on the transport's buffer, which would be kept alive by it. */
  private letter(topic: string, payload: Uint8Array, rejection: Rejection): DeadLetter {
    const { reason, detail, readings } = rejection
    return {
      id: this.newId(),
      at: this.options.clock.now(),
      reason,
      detail,
      topic: topic.slice(0, 1024),
      payload: Uint8Array.from(payload),
      readings,
    }
  }

  private count(letters: readonly DeadLetter[]): void {
    const { deadLetters } = this.counted
    for (const { reason, readings } of letters) {
      deadLetters[reason] = (deadLetters[reason] ?? 0) + 1
      this.counted.deadLetterReadings += readings
    }
  }

  private refused(error: unknown): unknown {
    this.counted.unacknowledged++
    return error
  }
}
