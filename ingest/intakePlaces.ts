import type { Device } from '../core/device.ts'
import type { KnownDevice } from './log/log.ts'

export type NewDevice = Pick<Device, 'device' | 'site' | 'assetType' | 'firstSeen'>

/**
 * Which place every device has: a device name is unique in the installation, and the first place it speaks from is
 * its own. A place counts as taken from the first message on, and is given back when that could not be kept.
 */
export class DevicePlaces {
  private readonly places = new Map<string, { site: string; assetType: string; durable: boolean }>()
  private announced: NewDevice[] = []

  constructor(
    known: readonly KnownDevice[],
    private readonly onNewDevices: (devices: readonly NewDevice[]) => void,
  ) {
    for (const { device, site, assetType } of known) {
      if (!this.places.has(device)) this.places.set(device, { site, assetType, durable: true })
    }
  }

  /** Where the device belongs, in words, if it is not here; undefined where all is well. */
  conflict({ device, site, assetType }: KnownDevice): string | undefined {
    const place = this.places.get(device)
    if (!place || (place.site === site && place.assetType === assetType)) return undefined
    return `${device} is registered as ${place.site}/${place.assetType}: publish it there, or give this one a name of its own`
  }

  /** True until the device's first message is durable: then `confirm` or `release` follows. */
  claim({ device, site, assetType }: KnownDevice): boolean {
    const place = this.places.get(device)
    if (!place) this.places.set(device, { site, assetType, durable: false })
    return !place?.durable
  }

  /** Whether this is the device's place for good: something from there is durable. */
  isSettled({ device, site, assetType }: KnownDevice): boolean {
    const place = this.places.get(device)
    return place?.durable === true && place.site === site && place.assetType === assetType
  }

  /** Announces the device once; those of one turn together. */
  confirm({ device, site, assetType }: KnownDevice, firstSeen: number): void {
    const place = this.places.get(device)
    if (place?.durable) return
    this.places.set(device, { site, assetType, durable: true })
    if (this.announced.length === 0) setImmediate(() => this.announce())
    this.announced.push({ device, site, assetType, firstSeen })
  }

  release({ device }: KnownDevice): void {
    if (this.places.get(device)?.durable === false) this.places.delete(device)
  }

  private announce(): void {
    const devices = this.announced
    this.announced = []
    this.onNewDevices(devices)
  }
}
