import type { RowBuffer } from './rowBuffer.ts'
import type { Sheet, Slab } from './slab.ts'
import { slotsBetween } from './slot.ts'

/** Readings of one device laid on consecutive slots: what a score is made from. */
export interface AlignedWindow {
  /** `rows` x `channels` values, row by row. NaN where a channel had no value for more than `maxHeld` slots. */
  readonly values: Float32Array
  readonly rows: number
  readonly channels: number
  /** Event time of each row, ms; a held row has the time that its slot would have had. */
  readonly times: Float64Array
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

/**
 * Lays the readings up to `rows` row `end` on slots, newest last. At most `length` slots, back to the last gap of more
 * than `maxHeld` slots or the last usage reset. The same readings give the same window, in memory of `slab`.
 */
export function alignWindow(rows: RowBuffer, end: number, slab: Slab): Alignment {
  const { length, minimum } = rows.shape.type.window
  const start = end + 1 - length
  const plain = start >= 0 && minimum <= length && rows.isEven(start) && rows.isWhole(start)
  return plain ? copyWindow(rows, start, slab) : layOut(rows, end, slab)
}

/** The common case: every reading of a full window has come, with all its values. */
function copyWindow(rows: RowBuffer, first: number, slab: Slab): Alignment {
  const { channels, noneHeld, type } = rows.shape
  const { length } = type.window
  const { values, times } = slab.sheet(length, channels)
  rows.copy(first, length, values, times)
  const publishedAt = rows.tellsPublished(first) ? rows.newestPublishedOf(first, length) : Number.NaN
  const window = { values, rows: length, channels, times, held: noneHeld, publishedAt }
  return { full: true, long: true, start: times[0]!, window }
}

function layOut(rows: RowBuffer, end: number, slab: Slab): Alignment {
  const { shape } = rows
  const { length, minimum } = shape.type.window
  const slots = collectSlots(rows, end)
  const count = Math.min(slots.count, length)
  const reach = {
    full: slots.newestHeld >= count,
    long: count === length,
    start: slots.time[count - 1]!,
  }
  if (count < minimum) return { ...reach, reason: slots.broken ? 'gap' : 'too_little_history' }
  const { values, times } = slab.sheet(count, shape.channels)
  fillSheet(rows, slots, count, { values, times })
  const publishedAt = rows.newestPublishedOf(slots.row[count - 1]!, end + 1 - slots.row[count - 1]!)
  const held = heldRows(slots, count)
  return { ...reach, window: { values, rows: count, channels: shape.channels, times, held, publishedAt } }
}

/** Slots back in time, the newest first: only read before the next window is aligned. */
interface Slots {
  count: number
  /** The slots end at a gap or a usage reset. */
  broken: boolean
  /** Place of the newest held slot; infinite without one. */
  newestHeld: number
  /** The row that each slot shows, or is held from. */
  row: Int32Array
  time: Float64Array
  held: Uint8Array
}

/** Alignment is not re-entrant: one window after the other uses the same memory. */
const scratch: Slots = {
  count: 0,
  broken: false,
  newestHeld: 0,
  row: new Int32Array(0),
  time: new Float64Array(0),
  held: new Uint8Array(0),
}

function emptySlots(reach: number): Slots {
  scratch.count = 0
  scratch.broken = false
  scratch.newestHeld = Number.POSITIVE_INFINITY
  if (scratch.row.length >= reach) return scratch
  scratch.row = new Int32Array(reach)
  scratch.time = new Float64Array(reach)
  scratch.held = new Uint8Array(reach)
  return scratch
}

function put(slots: Slots, row: number, time: number, held: boolean): void {
  const at = slots.count++
  slots.row[at] = row
  slots.time[at] = time
  slots.held[at] = held ? 1 : 0
  if (held && at < slots.newestHeld) slots.newestHeld = at
}

/** At most `shape.reach` slots from row `end` back. */
function collectSlots(rows: RowBuffer, end: number): Slots {
  const { reach, type } = rows.shape
  const { maxHeld } = type.window
  const slots = emptySlots(reach)
  let [laterTime, laterSlot] = [rows.time(end), rows.slot(end)]
  put(slots, end, laterTime, false)
  for (let row = end - 1; row >= 0 && slots.count < reach; row--) {
    const time = rows.time(row)
    const slot = rows.slot(row)
    const distance = slotsBetween(slot, laterSlot)
    slots.broken = distance < 1 || distance - 1 > maxHeld
    if (slots.broken) break
    // Missing slots lie evenly between their neighbours, at most a cadence apart from the earlier one.
    const step = distance > 1 ? Math.min(type.cadenceMs, (laterTime - time) / distance) : 0
    for (let missing = distance - 1; missing > 0 && slots.count < reach; missing--)
      put(slots, row, time + missing * step, true)
    if (slots.count < reach) put(slots, row, time, false)
    laterTime = time
    laterSlot = slot
  }
  return slots
}

/** Values of the newest `count` slots with holes filled from the slot before, a channel at most `maxHeld` slots in a row. */
function fillSheet(rows: RowBuffer, slots: Slots, count: number, { values, times }: Sheet): void {
  const { channels, type } = rows.shape
  for (let i = 0; i < count; i++) times[i] = slots.time[count - 1 - i]!
  for (let c = 0; c < channels; c++) {
    let known = Number.NaN
    let age = 0
    for (let slot = slots.count - 1; slot >= 0; slot--) {
      const value = slots.held[slot] ? Number.NaN : rows.value(slots.row[slot]!, c)
      if (Number.isNaN(value)) age += 1
      else [known, age] = [value, 0]
      if (slot < count)
        values[(count - 1 - slot) * channels + c] = age > type.window.maxHeld ? Number.NaN : known
    }
  }
}

const heldRows = (slots: Slots, count: number): readonly boolean[] =>
  Array.from({ length: count }, (_, i) => slots.held[count - 1 - i] === 1)
