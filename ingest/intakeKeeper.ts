import { randomUUID } from 'node:crypto'
import type { Clock } from '../core/clock.ts'
import type { DeadLetter, DeadLetterReason } from '../core/reading.ts'
import type { Rejection } from './codec/rejections.ts'
import type { DecodedReading } from './codec/telemetry.ts'
import { DevicePlaces, type NewDevice } from './intakePlaces.ts'
import { SequenceWatch } from './intakeSequence.ts'
import { createStats, type IntakeStats } from './intakeStats.ts'
import type { KnownDevice, OpenLog } from './log/log.ts'

export interface KeeperOptions {
  readonly log: Pick<OpenLog, 'append' | 'devices'>
  readonly clock: Clock
  onNewDevices(devices: readonly NewDevice[]): void
  readonly newId?: (() => string) | undefined
}

/** A message as it came, for the dead letters. */
export interface Message {
  readonly topic: string
  readonly payload: Uint8Array
}

/** What is made durable together. */
export interface Kept {
  readonly readings: readonly DecodedReading[]
  readonly rejections: readonly Rejection[]
  readonly rejectedValues: number
}

/** Plain messages of one group commit: they are kept by the same promise, and counted together. */
interface Together {
  readonly durable: Promise<void>
  readonly kept: Promise<void>
  messages: number
  readings: number
  rejectedValues: number
}

/** Makes durable what messages turn out to be, and counts it. */
export class IntakeKeeper {
  readonly counted = createStats()
  readonly places: DevicePlaces
  private readonly sequence: SequenceWatch
  private readonly newId: () => string
  private together: Together | undefined

  constructor(private readonly options: KeeperOptions) {
    this.places = new DevicePlaces(options.log.devices(), options.onNewDevices)
    this.sequence = new SequenceWatch(this.counted)
    this.newId = options.newId ?? randomUUID
  }

  stats(): IntakeStats {
    return { ...this.counted, deadLetters: { ...this.counted.deadLetters } }
  }

  /** Readings of one device. Rejects with LOG_FULL or LOG_FAILED when nothing of it was kept. */
  keep(message: Message, place: KnownDevice, kept: Kept, now: number): Promise<void> {
    const { readings } = kept
    const letters = kept.rejections.map((rejection) => this.letter(message, rejection))
    const isNew = readings.length > 0 && this.places.claim(place)
    const durable = this.options.log.append(readings, letters)
    this.sequence.watch(place.device, readings)
    if (!isNew && letters.length === 0) return this.countTogether(durable, kept)
    return durable.then(
      () => {
        this.counted.readings += readings.length
        this.counted.rejectedValues += kept.rejectedValues
        this.count(letters)
        if (isNew) this.places.confirm(place, now)
      },
      (error) => {
        if (isNew) this.places.release(place)
        throw this.unkept(error)
      },
    )
  }

  /** The log gives everything of a group commit the same promise; so is what is returned for it. */
  private countTogether(durable: Promise<void>, { readings, rejectedValues }: Kept): Promise<void> {
    if (this.together?.durable !== durable) this.together = this.startTogether(durable)
    const { together } = this
    together.messages++
    together.readings += readings.length
    together.rejectedValues += rejectedValues
    return together.kept
  }

  private startTogether(durable: Promise<void>): Together {
    const kept = durable.then(
      () => {
        this.counted.readings += together.readings
        this.counted.rejectedValues += together.rejectedValues
      },
      (error) => {
        this.counted.unacknowledged += together.messages
        throw error
      },
    )
    const together: Together = { durable, kept, messages: 0, readings: 0, rejectedValues: 0 }
    return together
  }

  /** Answers a whole message with one dead letter. */
  refuse(message: Message, reason: DeadLetterReason, detail: string, readings: number): Promise<void> {
    return this.answer(message, [{ reason, detail, readings }])
  }

  /** Answers it with a dead letter for each rejection. */
  answer(message: Message, rejections: readonly Rejection[]): Promise<void> {
    const letters = rejections.map((rejection) => this.letter(message, rejection))
    return this.options.log.append([], letters).then(
      () => this.count(letters),
      (error) => {
        throw this.unkept(error)
      },
    )
  }

  /** Counts a message that is not acknowledged, and returns the reason. */
  unkept(error: unknown): unknown {
    this.counted.unacknowledged++
    return error
  }

  /** The payload is copied: it is a view on the transport's buffer, which would be kept alive by it. */
  private letter({ topic, payload }: Message, { reason, detail, readings }: Rejection): DeadLetter {
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
}
