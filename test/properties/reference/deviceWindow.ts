/* The windows as they were before readings lay in one block: an object a reading, plain and slow. What the fast ones are held against. */
import { type AssetType, allowedLateness } from '../../../core/catalogue.ts'
import type { NotScoredReason } from '../../../core/score.ts'
import { type AlignedWindow, type Alignment, alignWindow } from './align.ts'
import { onStride, type Row, sameSlot, slotOf } from './row.ts'

/** A window that has become due: aligned, or the reason why this slot cannot be scored. */
export type DueWindow =
  | { readonly windowEnd: number; readonly window: AlignedWindow }
  | { readonly windowEnd: number; readonly reason: NotScoredReason }

/**
 * The readings of one device on the way to its windows (see ARCHITECTURE, "Time").
 *
 * The watermark is the newest accepted time minus the allowed lateness; a reading behind it is late and changes
 * nothing. A window ends at a slot that holds a reading. It is due at once when all its slots are filled, otherwise
 * when the watermark reaches its end, so that what comes out depends on the readings and never on their order.
 */
export class DeviceWindow {
  /** Readings in order of time, as far back as the oldest window not yet due reaches. */
  private rows: Row[] = []
  private newest = Number.NEGATIVE_INFINITY
  /** Windows ending at or before this are done. */
  private doneUntil = Number.NEGATIVE_INFINITY
  private lateCount = 0
  private readonly lateness: number
  private readonly keep: number

  constructor(private readonly type: AssetType) {
    this.lateness = allowedLateness(type)
    // One more than a window can need: `maxHeld` slots before it to hold a value from, and one to see a gap.
    this.keep = type.window.length + type.window.maxHeld + 2
  }

  get late(): number {
    return this.lateCount
  }

  get watermark(): number {
    return this.newest - this.lateness
  }

  get newestTime(): number {
    return this.newest
  }

  /** Windows that end at or before `time` are history: they warm the window up and do not come out. */
  skipUntil(time: number): void {
    if (time > this.doneUntil) this.doneUntil = time
  }

  /**
   * Takes one reading. `values` has one value a channel, NaN where it has none. Returns false where it changes
   * nothing: its time is known already, its slot is taken (a slot has one reading, the first that came), or it is late.
   */
  push(time: number, values: Float32Array, publishedAt: number): boolean {
    if (time < this.watermark) {
      this.lateCount += 1
      return false
    }
    const row = { time, slot: slotOf(this.type, time, values), values, publishedAt }
    const at = this.placeOf(time)
    if (sameSlot(this.rows[at - 1], row) || sameSlot(row, this.rows[at])) return false
    this.rows.splice(at, 0, row)
    if (time > this.newest) this.newest = time
    return true
  }

  /** Index after the last row whose time is not above `time`; readings nearly always come in order. */
  private placeOf(time: number): number {
    let at = this.rows.length
    while (at > 0 && this.rows[at - 1]!.time > time) at -= 1
    return at
  }

  /** Windows that became due since the last call, in order of their end. */
  takeDue(): DueWindow[] {
    const due: DueWindow[] = []
    let end = this.rows.findIndex((row) => row.time > this.doneUntil)
    for (; end >= 0 && end < this.rows.length; end++) {
      const row = this.rows[end]!
      if (!onStride(this.type, row)) continue
      const alignment = alignWindow(this.type, this.rows, end)
      if (row.time > this.watermark && !this.isComplete(alignment)) break
      this.doneUntil = row.time
      due.push({ windowEnd: row.time, ...outcomeOf(alignment) })
    }
    this.forget()
    return due
  }

  /** Nothing that may still come can enter: a short window could grow at its start until the watermark passed that. */
  private isComplete({ full, long, start }: Alignment): boolean {
    return full && (long || start <= this.watermark)
  }

  private forget(): void {
    const firstOpen = this.rows.findIndex((row) => row.time > this.doneUntil)
    const open = firstOpen < 0 ? this.rows.length : firstOpen
    const surplus = open - this.keep
    if (surplus > this.keep) this.rows.splice(0, surplus)
  }
}

const outcomeOf = (alignment: Alignment) =>
  'window' in alignment ? { window: alignment.window } : { reason: alignment.reason }
