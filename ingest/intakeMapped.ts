import type { Catalogue } from '../core/catalogue.ts'
import type { Clock } from '../core/clock.ts'
import { readingsIn } from './codec/json.ts'
import type { Rejection } from './codec/rejections.ts'
import type { DecodedTelemetry } from './codec/telemetry.ts'
import type { DeviceTopic } from './codec/topic.ts'
import type { Decoding } from './intakeDecoding.ts'
import type { IntakeKeeper, Message } from './intakeKeeper.ts'
import { Gatherer } from './mapping/gatherer.ts'
import { givenItems } from './mapping/givenItems.ts'
import { HeldValues } from './mapping/heldValues.ts'
import type { MappedGroup, MappedMessage, Mapper } from './mapping/mapped.ts'
import type { MappingState } from './mapping/state.ts'
import { RebirthRequests } from './sparkplug/rebirth.ts'

/** How existing publishers are understood. */
export interface IntakeMapping {
  readonly mapper: Mapper
  /** The same that the mapper was made with. */
  readonly state: MappingState
  /** Publishes at QoS 0 where devices subscribe; without it no Sparkplug edge node can be asked for its births. */
  readonly publish?: ((topic: string, payload: Uint8Array) => Promise<void>) | undefined
}

export interface MappedOptions extends IntakeMapping {
  readonly catalogue: Catalogue
  readonly clock: Clock
  readonly keeper: IntakeKeeper
  readonly decoding: Decoding
  readonly onStatus?: ((device: DeviceTopic, payload: Uint8Array) => void) | undefined
}

/** Takes the messages whose topics are not of the contract, as the mapping file reads them. */
export class MappedIntake {
  private readonly held: HeldValues
  private readonly gatherer: Gatherer
  private readonly rebirths: RebirthRequests | undefined

  constructor(private readonly options: MappedOptions) {
    const { catalogue, clock, keeper, mapper, state, publish } = options
    this.held = new HeldValues(catalogue, state)
    this.gatherer = new Gatherer({
      catalogue,
      clock,
      held: this.held,
      awaited: mapper.awaited,
      append: (place, reading) =>
        keeper.keep(none, place, { readings: [reading], rejections: [], rejectedValues: 0 }, clock.now()),
    })
    this.rebirths =
      publish && new RebirthRequests({ clock, publish, onRequested: () => keeper.counted.rebirthRequests++ })
  }

  /** Resolves when everything in the message is durable, with what must be known to understand the next. */
  message(message: Message): Promise<void> {
    const { keeper, mapper, clock } = this.options
    const mapped = mapper.map(message.topic, message.payload, clock.now())
    if (mapped.kind === 'unmapped')
      return keeper.refuse(message, 'unmapped', 'no rule takes this topic', readingsIn(message.payload))
    if (mapped.kind === 'mapped') return this.take(message, mapped)
    keeper.counted.ignored++
    return Promise.resolve()
  }

  private async take(message: Message, mapped: MappedMessage): Promise<void> {
    const { keeper, onStatus } = this.options
    const forgotten = (mapped.forgotten ?? []).map(({ device }) => device)
    for (const device of forgotten) this.held.forget(device)
    if (mapped.rebirth) this.rebirths?.request(mapped.rebirth)
    keeper.counted.ignored += mapped.ignored
    await Promise.all([
      ...(mapped.rejections.length > 0 ? [keeper.answer(message, mapped.rejections)] : []),
      ...mapped.groups.map((group) => this.group(message, group)),
    ])
    await Promise.all([mapped.remember?.(), ...forgotten.map((device) => this.held.save(device))])
    for (const { place, online } of mapped.statuses ?? [])
      onStatus?.({ ...place, kind: 'status' }, Buffer.from(JSON.stringify({ online })))
  }

  /** What one message says of one device, checked as the contract's own telemetry is. */
  private group(message: Message, group: MappedGroup): Promise<void> {
    const { keeper, decoding, clock } = this.options
    const { place, items, gather } = group
    const elsewhere = keeper.places.conflict(place)
    if (elsewhere) return keeper.refuse(message, 'wrong_place', elsewhere, items.length)
    const decoder = decoding.of(place.assetType)
    if (!decoder) return keeper.refuse(message, 'unknown_asset_type', place.assetType, items.length)
    const now = clock.now()
    const context = decoding.context(place, now)
    const given = givenItems(items)
    const decoded = given.length > 0 ? decoder.decodeValue(given, context) : nothing
    if (!gather) return keeper.keep(message, place, decoded, now)
    const believable = items.filter(({ time }) => time >= context.oldest && time <= context.newest)
    return this.gathered(message, { ...group, items: believable }, decoded)
  }

  private async gathered(
    message: Message,
    { place, items, gather }: MappedGroup,
    { readings, rejections, rejectedValues }: DecodedTelemetry,
  ): Promise<void> {
    const { keeper } = this.options
    if (readings.length > 0) keeper.places.claim(place)
    keeper.counted.rejectedValues += rejectedValues
    await Promise.all([
      ...(rejections.length > 0 ? [keeper.answer(message, rejections)] : []),
      ...items.map((item) => {
        const reading = readings.find(({ time }) => time === item.time)
        return this.gatherer.add(place, item, reading, gather!)
      }),
    ])
  }
}

/** A gathered reading has no message of its own: what is wrong with a message was answered before. */
const none: Message = { topic: '', payload: new Uint8Array() }
const nothing: DecodedTelemetry = { readings: [], rejections: [] as readonly Rejection[], rejectedValues: 0 }
