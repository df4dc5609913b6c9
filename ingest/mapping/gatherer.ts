import type { Catalogue } from '../../core/catalogue.ts'
import type { Clock } from '../../core/clock.ts'
import type { DecodedReading } from '../codec/telemetry.ts'
import type { HeldValues } from './heldValues.ts'
import type { Gather, MappedItem, Mapper, Place } from './mapped.ts'

export interface GathererOptions {
  readonly catalogue: Catalogue
  readonly clock: Clock
  readonly held: HeldValues
  readonly awaited: Mapper['awaited']
  /** Makes a reading durable. */
  append(place: Place, reading: DecodedReading): Promise<void>
}

/** A reading that waits for its other channels. */
interface Gathering {
  /** As far as its channels have come. */
  readonly reading: DecodedReading
  readonly missing: Set<number>
  readonly done: Promise<void>
  readonly complete: AbortController
}

/**
 * Makes whole readings of values that come one by one. A message's promise resolves when the reading that has its values
 * is durable, and what was learnt from it after that; every reading is let go within `withinMs`, so that a broker that
 * waits for acknowledgements in order waits no longer.
 */
export class Gatherer {
  private readonly gathering = new Map<string, Gathering>()
  private readonly awaited = new Map<string, readonly number[]>()

  constructor(private readonly options: GathererOptions) {}

  /** `reading` is what the catalogue's check left of `item`; undefined where that was nothing. */
  async add(
    place: Place,
    item: MappedItem,
    reading: DecodedReading | undefined,
    gather: Gather,
  ): Promise<void> {
    const time = Math.floor(item.time / gather.roundMs) * gather.roundMs
    const given = this.given(place, item)
    for (const channel of given)
      this.options.held.record(place, channel, time, reading?.values[channel] ?? Number.NaN)
    if (!reading) return this.options.held.save(place.device)
    if (gather.withinMs === 0) return this.release(place, { ...reading, time }, gather.holdMs)
    const gathering = this.gatheringOf(place, { ...reading, time }, gather)
    for (const channel of given) gathering.reading.values[channel] = reading.values[channel]!
    for (const channel of given) gathering.missing.delete(channel)
    if (gathering.missing.size === 0) gathering.complete.abort()
    return gathering.done
  }

  /**
   * The channels that an item speaks of. A value that was given and then refused is unknown from then on: the one
   * before holds no longer.
   */
  private given({ assetType }: Place, { values }: MappedItem): number[] {
    const { channels } = this.options.catalogue.get(assetType)!
    return channels.flatMap(({ name }, channel) => (Object.hasOwn(values, name) ? [channel] : []))
  }

  private gatheringOf(place: Place, reading: DecodedReading, { withinMs, holdMs }: Gather): Gathering {
    const key = `${place.device} ${reading.time}`
    const known = this.gathering.get(key)
    if (known) return known
    const complete = new AbortController()
    // a backlog comes faster than it is released: until then more may be learnt than is remembered
    const earlier = Float64Array.from(reading.values)
    this.options.held.fill(place, reading.time, holdMs, earlier)
    const done = this.options.clock.sleep(withinMs, complete.signal).then(() => {
      this.gathering.delete(key)
      return this.release(place, reading, holdMs, earlier)
    })
    const gathering = { reading, missing: new Set(this.awaitedOf(place.assetType)), done, complete }
    this.gathering.set(key, gathering)
    return gathering
  }

  /** The log first, then what was learnt: a crash in between brings the message again, and it means the same. */
  private async release(
    place: Place,
    reading: DecodedReading,
    holdMs: number,
    earlier?: Float64Array,
  ): Promise<void> {
    this.options.held.fill(place, reading.time, holdMs, reading.values, earlier)
    await this.options.append(place, reading)
    await this.options.held.save(place.device)
  }

  private awaitedOf(assetType: string): readonly number[] {
    const known = this.awaited.get(assetType)
    if (known) return known
    const names = this.options.awaited(assetType)
    const { channels } = this.options.catalogue.get(assetType)!
    const awaited = channels.flatMap(({ name }, channel) => (names.has(name) ? [channel] : []))
    this.awaited.set(assetType, awaited)
    return awaited
  }
}
