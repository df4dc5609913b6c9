import type { AssetType } from '../../../core/catalogue.ts'
import { type Row, slotsBetween } from './row.ts'

/** Readings of one device laid on consecutive slots: what a score is made from. */
export interface AlignedWindow {
  /** `rows` x `channels` values, row by row. NaN where a channel had no value for more than `maxHeld` slots. */
  readonly values: Float32Array
  readonly rows: number
  readonly channels: number
  /** Event time of each row, ms; a held row has the time that its slot would have had. */
  readonly times: readonly number[]
  /** Rows that repeat the one before because their slot is missing. */
  readonly held: readonly boolean[]
  /** Newest `publishedAt` among the rows; NaN where the publisher does not say. */
  readonly publishedAt: number
}

/** What stands between a slot and its window. */
interface Reach {
  /** All slots between the first and the last hold a reading. */
  readonly full: boolean
  /** The window has its full length: nothing earlier can enter it. */
  readonly long: boolean
  /** Event time of the first row. */
  readonly start: number
}

export type Alignment =
  | (Reach & { readonly window: AlignedWindow })
  | (Reach & { readonly reason: 'gap' | 'too_little_history' })

/** A row on its slot; `source` is the reading it stands for or is held from. */
interface Slot {
  readonly source: Row
  readonly time: number
  readonly held: boolean
}

/**
 * Lays the readings up to `rows[end]` on slots, newest last. At most `length` slots, back to the last gap of more than
 * `maxHeld` slots or the last usage reset. Pure: the same readings give the same window.
 */
export function alignWindow(type: AssetType, rows: readonly Row[], end: number): Alignment {
  const { length, minimum, maxHeld } = type.window
  const { slots, broken } = collectSlots(rows, end, length + maxHeld + 1, maxHeld, type.cadenceMs)
  const filled = fillMissing(slots, type.channels.length, maxHeld)
  const window = cut(slots, filled, type.channels.length, length)
  const reach = {
    full: !window.held.includes(true),
    long: window.rows === length,
    start: window.times[0]!,
  }
  if (window.rows < minimum) return { ...reach, reason: broken ? 'gap' : 'too_little_history' }
  return { ...reach, window }
}

/** Slots back in time from `rows[end]`, returned oldest first, at most `wanted` of them. */
function collectSlots(rows: readonly Row[], end: number, wanted: number, maxHeld: number, cadenceMs: number) {
  const slots: Slot[] = [{ source: rows[end]!, time: rows[end]!.time, held: false }]
  let broken = false
  let later = rows[end]!
  for (let i = end - 1; i >= 0 && slots.length < wanted; i--) {
    const earlier = rows[i]!
    const distance = slotsBetween(earlier, later)
    broken = distance < 1 || distance - 1 > maxHeld
    if (broken) break
    for (let missing = distance - 1; missing > 0; missing--)
      slots.push({
        source: earlier,
        time: heldTime(earlier, later, missing, distance, cadenceMs),
        held: true,
      })
    slots.push({ source: earlier, time: earlier.time, held: false })
    later = earlier
  }
  return { slots: slots.slice(0, wanted).reverse(), broken }
}

/** A missing slot's time: spread evenly between its neighbours, at most a cadence apart from the earlier ones. */
const heldTime = (earlier: Row, later: Row, place: number, distance: number, cadenceMs: number) =>
  earlier.time + place * Math.min(cadenceMs, (later.time - earlier.time) / distance)

/** Values of all slots with holes filled from the slot before, a channel at most `maxHeld` slots in a row. */
function fillMissing(slots: readonly Slot[], channels: number, maxHeld: number): Float32Array {
  const values = new Float32Array(slots.length * channels)
  for (let c = 0; c < channels; c++) {
    let known = Number.NaN
    let age = 0
    slots.forEach(({ source, held }, row) => {
      const value = held ? Number.NaN : source.values[c]!
      if (Number.isNaN(value)) age += 1
      else [known, age] = [value, 0]
      values[row * channels + c] = age > maxHeld ? Number.NaN : known
    })
  }
  return values
}

/** The newest `length` slots. */
function cut(slots: readonly Slot[], filled: Float32Array, channels: number, length: number): AlignedWindow {
  const from = Math.max(0, slots.length - length)
  const kept = slots.slice(from)
  const published = kept.map((s) => s.source.publishedAt).filter((time) => !Number.isNaN(time))
  return {
    values: filled.slice(from * channels),
    rows: kept.length,
    channels,
    times: kept.map((s) => s.time),
    held: kept.map((s) => s.held),
    publishedAt: published.length > 0 ? Math.max(...published) : Number.NaN,
  }
}
