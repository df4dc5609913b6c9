import type { AssetType, Catalogue } from '../../core/catalogue.ts'
import type { Place } from './mapped.ts'
import type { MappingState } from './state.ts'

/** Newest values of a channel with their times, oldest first; NaN: known to be unknown from then on. */
type History = [time: number, value: number][]

interface StoredDevice {
  readonly assetType: string
  readonly channels: Readonly<Record<string, History>>
}

/**
 * So many values of a channel are remembered: a message that comes again, or a little late, is filled with what held at
 * its time and not with what was learnt since, so that it makes the same reading again.
 */
const depth = 16
const prefix = 'held/'

/** The last known values of devices that do not send all their channels in every message. */
export class HeldValues {
  private readonly devices = new Map<string, { type: AssetType; channels: History[] }>()

  constructor(
    private readonly catalogue: Catalogue,
    private readonly state: MappingState,
  ) {
    for (const [key, stored] of state.entries(prefix))
      this.restore(key.slice(prefix.length), stored as StoredDevice)
  }

  /** Learns that a channel had a value from `time` on; NaN where it had none. */
  record({ device, assetType }: Place, channel: number, time: number, value: number): void {
    const history = this.of(device, assetType)[channel]!
    let at = history.length
    while (at > 0 && history[at - 1]![0] >= time) at--
    const same = history[at]?.[0] === time
    history.splice(at, same ? 1 : 0, [time, value])
    // not the one just learnt: what was refused comes again in order, and is older than all that is remembered
    if (history.length > depth) history.splice(at === 0 ? 1 : 0, 1)
  }

  /**
   * Puts what held at `time`, and was said at most `maxAge` ms before, where `values` has NaN; `earlier`, what was put when
   * it was asked before, where nothing so old is remembered any more.
   */
  fill(
    { device, assetType }: Place,
    time: number,
    maxAge: number,
    values: Float64Array,
    earlier?: Float64Array,
  ): void {
    this.of(device, assetType).forEach((history, channel) => {
      if (!Number.isNaN(values[channel]!)) return
      const last = history.findLast(([at]) => at <= time)
      if (!last) values[channel] = earlier?.[channel] ?? Number.NaN
      else if (time - last[0] <= maxAge) values[channel] = last[1]
    })
  }

  forget(device: string): void {
    this.devices.delete(device)
  }

  /** Makes durable what is known of the device now. Throws LOG_FAILED. */
  save(device: string): Promise<void> {
    const known = this.devices.get(device)
    return this.state.save([[prefix + device, known && stored(known)]])
  }

  private of(device: string, assetType: string): History[] {
    const known = this.devices.get(device)
    if (known?.type.name === assetType) return known.channels
    const type = this.catalogue.get(assetType)!
    const channels: History[] = type.channels.map(() => [])
    this.devices.set(device, { type, channels })
    return channels
  }

  /** What the catalogue no longer has is left out. */
  private restore(device: string, { assetType, channels }: StoredDevice): void {
    const type = this.catalogue.get(assetType)
    if (type)
      this.devices.set(device, { type, channels: type.channels.map(({ name }) => channels[name] ?? []) })
  }
}

const stored = ({ type, channels }: { type: AssetType; channels: readonly History[] }): StoredDevice => ({
  assetType: type.name,
  channels: Object.fromEntries(
    type.channels.flatMap(({ name }, i) => (channels[i]!.length > 0 ? [[name, [...channels[i]!]]] : [])),
  ),
})
