import type { Catalogue } from '../../core/catalogue.ts'
import type { Layout } from './batchBuilder.ts'
import type { Environment } from './environment.ts'
import type { KnownDevice } from './log.ts'

/** Entries that a transaction has to write. */
export interface Additions {
  readonly devices: readonly { number: number; device: KnownDevice }[]
  readonly layouts: readonly { number: number; layout: Layout }[]
}

/**
 * Numbers for devices and layouts, so that a block holds no names. A number is given out at once and written with the
 * first block that uses it; when that transaction fails it is handed out again by `forget`.
 */
export class Dictionary {
  private readonly devices: KnownDevice[] = []
  /** By device name; more than one only where a device appeared at several places. */
  private readonly numbers = new Map<string, number[]>()
  private readonly layouts: Layout[] = []
  private readonly layoutOf = new Map<string, number>()
  private written = { devices: 0, layouts: 0 }

  constructor(
    environment: Environment,
    private readonly catalogue: Catalogue,
  ) {
    for (const { value } of environment.devices.getRange()) this.addDevice(value)
    for (const { value } of environment.layouts.getRange()) this.layouts.push(value)
    for (const [name, type] of catalogue) {
      const today = type.channels.map((channel) => channel.name)
      const known = this.layouts.findIndex((l) => l.assetType === name && sameNames(l.channels, today))
      if (known >= 0) this.layoutOf.set(name, known)
    }
    this.kept()
  }

  numberOf({ device, site, assetType }: KnownDevice): number {
    for (const number of this.numbers.get(device) ?? none) {
      const known = this.devices[number]!
      if (known.site === site && known.assetType === assetType) return number
    }
    return this.addDevice({ device, site, assetType })
  }

  /** The number of today's channels of an asset type, and how many they are. */
  layout(assetType: string): { layout: number; width: number } {
    const channels = this.catalogue.get(assetType)?.channels.map((channel) => channel.name)
    if (!channels) throw new TypeError(`no asset type ${assetType} in the catalogue`)
    let layout = this.layoutOf.get(assetType)
    if (layout === undefined) {
      layout = this.layouts.push({ assetType, channels }) - 1
      this.layoutOf.set(assetType, layout)
    }
    return { layout, width: channels.length }
  }

  list(): readonly KnownDevice[] {
    return this.devices.slice(0, this.written.devices)
  }

  /** What was numbered since the last `kept`. */
  additions(): Additions {
    const devices = this.devices.slice(this.written.devices)
    const layouts = this.layouts.slice(this.written.layouts)
    return {
      devices: devices.map((device, i) => ({ number: this.written.devices + i, device })),
      layouts: layouts.map((layout, i) => ({ number: this.written.layouts + i, layout })),
    }
  }

  /** The transaction with the additions is on disk. */
  kept(): void {
    this.written = { devices: this.devices.length, layouts: this.layouts.length }
  }

  /** The transaction with the additions failed. */
  forget(): void {
    for (const { device } of this.devices.splice(this.written.devices)) {
      const numbers = this.numbers.get(device)?.filter((number) => number < this.written.devices) ?? []
      if (numbers.length > 0) this.numbers.set(device, numbers)
      else this.numbers.delete(device)
    }
    for (const { assetType } of this.layouts.splice(this.written.layouts)) this.layoutOf.delete(assetType)
  }

  private addDevice(device: KnownDevice): number {
    const number = this.devices.push(device) - 1
    const numbers = this.numbers.get(device.device)
    if (numbers) numbers.push(number)
    else this.numbers.set(device.device, [number])
    return number
  }
}

const none: readonly number[] = []

const sameNames = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((name, i) => name === b[i])
