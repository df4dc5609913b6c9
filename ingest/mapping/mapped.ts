import type { Rejection } from '../codec/rejections.ts'

/** Where a device is: the three names of the contract. */
export interface Place {
  readonly site: string
  readonly assetType: string
  readonly device: string
}

/** Channel values at one moment, in the catalogue's units, not yet checked against it. */
export interface MappedItem {
  /** ms since the epoch. */
  readonly time: number
  /** By channel; `null` says that the publisher knows no value any more. */
  readonly values: Readonly<Record<string, unknown>>
}

/** How values that come one by one become whole readings. */
export interface Gather {
  /** Waits at most so long for the other channels of the same moment, ms; 0: not at all. */
  readonly withinMs: number
  /** Moments are rounded down to multiples of it, ms. */
  readonly roundMs: number
  /** A channel that said nothing keeps its last value for so long, ms. */
  readonly holdMs: number
}

/** What a message says of one device. The times of its items differ. */
export interface MappedGroup {
  readonly place: Place
  readonly items: readonly MappedItem[]
  /** Without it every item is a reading as it stands. */
  readonly gather?: Gather | undefined
}

export interface EdgeNodeName {
  readonly group: string
  readonly edge: string
}

/** What a message means. */
export interface MappedMessage {
  readonly kind: 'mapped'
  /** The rule that took it. */
  readonly rule: string
  readonly groups: readonly MappedGroup[]
  readonly rejections: readonly Rejection[]
  /** Values that the mapping file has no use for. */
  readonly ignored: number
  /** Devices of which nothing that was known holds any more. To be heeded before `groups`. */
  readonly forgotten?: readonly Place[]
  /** Devices that came or went. */
  readonly statuses?: readonly { readonly place: Place; readonly online: boolean }[]
  /** An edge node whose births are not or no longer known. */
  readonly rebirth?: EdgeNodeName | undefined
  /** Makes durable what the mapper has to know after a restart; called when the readings are. */
  readonly remember?: () => Promise<void>
}

export type Mapped = MappedMessage | { readonly kind: 'unmapped' } | { readonly kind: 'ignored' }

/** From a publisher's own topics and payloads to readings. */
export interface Mapper {
  /** Topic filters to subscribe to. */
  topics(): string[]
  /** Never throws. `receivedAt` is ms since the epoch. */
  map(topic: string, payload: Uint8Array, receivedAt: number): Mapped
  /** What a message means depends on others of its device: one process has to hear them all. */
  readonly remembers: boolean
  /** Channels of an asset type that come one by one, and so are waited for. */
  awaited(assetType: string): ReadonlySet<string>
}
