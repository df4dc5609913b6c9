import type { WindowShape } from './shape.ts'

/**
 * The slot of a reading: its running number by time on a grid, by usage in steps; NaN where the reading does not say. A
 * grid has slots of `cadenceMs` aligned to the epoch; the half cadence centres them, so that a device that publishes on
 * the minute does not straddle a border. `values` holds the reading's channels from `offset` on.
 */
export function slotOf(
  { type, usage }: Pick<WindowShape, 'type' | 'usage'>,
  time: number,
  values: Float32Array,
  offset = 0,
): number {
  if (type.window.by === 'grid') return Math.floor(time / type.cadenceMs + 0.5)
  return usage < 0 ? Number.NaN : Math.round(values[offset + usage]! / type.usage.perSlot)
}

/**
 * Slots from one reading to the next: 0 the same slot again, 1 its neighbour, more with missing ones between, negative
 * for a usage reset. A reading in steps that does not tell its usage counts as the next one.
 */
export function slotsBetween(earlier: number, later: number): number {
  const distance = later - earlier
  return Number.isNaN(distance) ? 1 : distance
}

/** Whether a window ends at this slot: every `stride` slots, and at every reading that does not tell its slot. */
export const onStride = (slot: number, stride: number): boolean => Number.isNaN(slot) || slot % stride === 0
