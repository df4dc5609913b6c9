import type { AssetType } from '../../core/catalogue.ts'
import { slotOf, slotsBetween } from '../windows/slot.ts'
import type { DeviceSeries } from './series.ts'

/** Readings of one device on consecutive slots, without holes: what a life, or a part of it, is trained from. */
export interface Segment {
  /** Event time of each slot, ms. */
  readonly times: Float64Array
  /** Running number of each slot, see `slotOf`; NaN where the readings do not tell it. */
  readonly slots: Float64Array
  /** Per channel in the catalogue's order. Only channels that are not needed may hold NaN. */
  readonly values: readonly Float64Array[]
  /** Remaining life that the source told at each slot; null where it tells none. */
  readonly rul: Float64Array | null
  /** Slots that repeat the one before because they are missing. */
  readonly held: number
}

/** Slots one after the other, each with the reading that it shows or is held from. */
interface Run {
  readonly rows: number[]
  readonly times: number[]
  readonly slots: number[]
  readonly held: boolean[]
}

/**
 * Lays a series on the slots of the catalogue by the rules of live windows (`windows/align.ts`): a slot has the first
 * reading that came; up to `maxHeld` missing slots, or missing values of a channel, are held; more of either cut the
 * series in two, and so does a usage that falls back. `needed` are the columns that must not have holes.
 */
export function segmentsOf(type: AssetType, series: DeviceSeries, needed: readonly number[]): Segment[] {
  return runsOf(type, series).flatMap((run) => {
    const values = series.channels.map((channel) => heldValues(channel, run, type.window.maxHeld))
    const rul = series.rul ? heldRul(series.rul, run, type.usage.perSlot) : null
    return wholeStretches(values, needed).map(([from, to]) => ({
      times: Float64Array.from(run.times.slice(from, to)),
      slots: Float64Array.from(run.slots.slice(from, to)),
      values: values.map((channel) => channel.slice(from, to)),
      rul: rul ? rul.slice(from, to) : null,
      held: run.held.slice(from, to).filter(Boolean).length,
    }))
  })
}

/** The slot of every reading. */
export function slotNumbers(type: AssetType, { times, channels }: DeviceSeries): Float64Array {
  const column = type.channels.findIndex((c) => c.role === 'usage')
  const shape = { type, usage: column < 0 ? -1 : 0 }
  const usage = new Float32Array(1)
  return times.map((time, row) => {
    if (column >= 0) usage[0] = channels[column]![row]!
    return slotOf(shape, time, usage)
  })
}

function runsOf(type: AssetType, series: DeviceSeries): Run[] {
  const slots = slotNumbers(type, series)
  const runs: Run[] = []
  let run: Run | undefined
  let last = 0
  for (let row = 0; row < slots.length; row++) {
    const distance = run ? slotsBetween(slots[last]!, slots[row]!) : Number.POSITIVE_INFINITY
    if (distance === 0) continue
    if (!run || distance < 1 || distance - 1 > type.window.maxHeld) {
      run = { rows: [], times: [], slots: [], held: [] }
      runs.push(run)
    } else holdSlots(run, distance, series.times, last, row, type.cadenceMs)
    put(run, row, series.times[row]!, slots[row]!, false)
    last = row
  }
  return runs
}

/** The missing slots between two readings, evenly between them and at most a cadence apart. */
function holdSlots(
  run: Run,
  distance: number,
  times: Float64Array,
  last: number,
  row: number,
  cadenceMs: number,
): void {
  const step = Math.min(cadenceMs, (times[row]! - times[last]!) / distance)
  const slot = run.slots.at(-1)!
  for (let missing = 1; missing < distance; missing++)
    put(run, last, times[last]! + missing * step, slot + missing, true)
}

function put(run: Run, row: number, time: number, slot: number, held: boolean): void {
  run.rows.push(row)
  run.times.push(time)
  run.slots.push(slot)
  run.held.push(held)
}

/** A channel's value at every slot: NaN once it has been missing for more than `maxHeld` slots. */
function heldValues(channel: Float64Array, { rows, held }: Run, maxHeld: number): Float64Array {
  let [known, age] = [Number.NaN, 0]
  return Float64Array.from(rows, (row, slot) => {
    const value = held[slot] ? Number.NaN : channel[row]!
    if (Number.isNaN(value)) age += 1
    else [known, age] = [value, 0]
    return age > maxHeld ? Number.NaN : known
  })
}

function heldRul(rul: Float64Array, { rows, held }: Run, perSlot: number): Float64Array {
  let since = 0
  return Float64Array.from(rows, (row, slot) => {
    since = held[slot] ? since + 1 : 0
    return Math.max(0, rul[row]! - since * perSlot)
  })
}

/** Stretches [from, to) of slots in which every needed channel has a value. */
function wholeStretches(values: readonly Float64Array[], needed: readonly number[]): [number, number][] {
  const slots = values[0]?.length ?? 0
  const stretches: [number, number][] = []
  let from = -1
  for (let slot = 0; slot <= slots; slot++) {
    const whole = slot < slots && needed.every((c) => !Number.isNaN(values[c]![slot]!))
    if (whole && from < 0) from = slot
    if (whole || from < 0) continue
    stretches.push([from, slot])
    from = -1
  }
  return stretches
}
