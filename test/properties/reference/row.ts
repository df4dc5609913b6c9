import type { AssetType } from '../../../core/catalogue.ts'

/** One reading in its slot. */
export interface Row {
  readonly time: number
  /** Running number of the slot: by time on a grid, by usage in steps. NaN where the reading does not say. */
  readonly slot: number
  /** One value a channel in the catalogue's order; NaN where the reading has none. */
  readonly values: Float32Array
  /** Wall clock at the publisher, ms; NaN where it does not say. */
  readonly publishedAt: number
}

/** Index of the channel that counts usage; -1 where the asset type has none. */
export const usageChannel = (type: AssetType): number => type.channels.findIndex((c) => c.role === 'usage')

/**
 * The slot of a reading. A grid has slots of `cadenceMs` aligned to the epoch; the half cadence centres them, so that a
 * device that publishes on the minute does not straddle a border. In steps the usage channel counts.
 */
export function slotOf(type: AssetType, time: number, values: Float32Array): number {
  if (type.window.by === 'grid') return Math.floor(time / type.cadenceMs + 0.5)
  const channel = usageChannel(type)
  return channel < 0 ? Number.NaN : Math.round(values[channel]! / type.usage.perSlot)
}

/**
 * Slots from one reading to the next: 0 the same slot again, 1 its neighbour, more with missing ones between, negative
 * for a usage reset. A reading in steps that does not tell its usage counts as the next one.
 */
export function slotsBetween(earlier: Row, later: Row): number {
  const distance = later.slot - earlier.slot
  return Number.isNaN(distance) ? 1 : distance
}

export const sameSlot = (earlier: Row | undefined, later: Row | undefined): boolean =>
  earlier !== undefined &&
  later !== undefined &&
  (earlier.time === later.time || slotsBetween(earlier, later) === 0)

/** Whether a window ends at this row's slot: every `stride` slots, and at every reading that does not tell its slot. */
export const onStride = ({ window }: AssetType, { slot }: Row): boolean =>
  Number.isNaN(slot) || slot % window.stride === 0
