import { type AssetType, allowedLateness } from '../../core/catalogue.ts'
import { RowPool } from './rowPool.ts'

/** Rows that a device's memory begins with: many speak once and never again. */
export const firstRows = 8

/** What all windows of an asset type have in common, worked out once. */
export interface WindowShape {
  readonly type: AssetType
  readonly channels: number
  /** Slots that alignment looks at: a full window, `maxHeld` before it to hold a value from, and one to see a gap. */
  readonly reach: number
  /** Readings before a window's end that it may need. */
  readonly keep: number
  /** Readings that a device whose readings come in time has at hand at most. */
  readonly usualRows: number
  /** How far behind the newest reading another may come, ms. */
  readonly lateness: number
  /** Index of the channel that counts usage; -1 where the asset type has none. */
  readonly usage: number
  /** `held` of a full window in which no row is held. */
  readonly noneHeld: readonly boolean[]
  /** Memory for `firstRows` and for `usualRows`. */
  readonly pools: { readonly first: RowPool; readonly usual: RowPool }
}

const shapes = new WeakMap<AssetType, WindowShape>()

export function shapeOf(type: AssetType): WindowShape {
  const known = shapes.get(type)
  if (known) return known
  const shape = work(type)
  shapes.set(type, shape)
  return shape
}

function work(type: AssetType): WindowShape {
  const { length, maxHeld } = type.window
  const reach = length + maxHeld + 1
  const keep = reach + 1
  const lateness = allowedLateness(type)
  const channels = type.channels.length
  const open = Math.min(keep, Math.ceil(lateness / type.cadenceMs))
  // A little more than is kept, so that room is made once in several readings.
  const usualRows = Math.max(firstRows + 1, keep + open + 1 + Math.ceil(keep / 8))
  return {
    type,
    channels,
    reach,
    keep,
    usualRows,
    lateness,
    usage: type.channels.findIndex((c) => c.role === 'usage'),
    pools: { first: new RowPool(channels, firstRows), usual: new RowPool(channels, usualRows) },
    noneHeld: new Array<boolean>(length).fill(false),
  }
}
