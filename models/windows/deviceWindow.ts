import type { AssetType } from '../../core/catalogue.ts'
import type { NotScoredReason } from '../../core/score.ts'
import { type AlignedWindow, type Alignment, alignWindow } from './align.ts'
import { RowBuffer } from './rowBuffer.ts'
import { shapeOf } from './shape.ts'
import { Slab } from './slab.ts'
import { onStride, slotOf } from './slot.ts'

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
  private readonly rows: RowBuffer
  private newest = Number.NEGATIVE_INFINITY
  /** Windows ending at or before this are done. */
  private doneUntil = Number.NEGATIVE_INFINITY
  /** First row at which a window may still end. */
  private open = 0
  private forgotten = false
  private lateCount = 0

  constructor(type: AssetType) {
    this.rows = new RowBuffer(shapeOf(type))
  }

  get late(): number {
    return this.lateCount
  }

  get watermark(): number {
    return this.newest - this.rows.shape.lateness
  }

  get newestTime(): number {
    return this.newest
  }

  /** Windows that end at or before `time` are history: they warm the window up and do not come out. */
  skipUntil(time: number): void {
    if (time > this.doneUntil) this.doneUntil = time
  }

  /**
   * Takes one reading. `values` has one value a channel, NaN where it has none; it is copied. Returns false where it
   * changes nothing: its time is known already, its slot is taken (a slot has one reading, the first that came), it is
   * late, or it lies before everything that a window still needs.
   */
  push(time: number, values: Float32Array, publishedAt: number): boolean {
    if (time < this.watermark) {
      this.lateCount += 1
      return false
    }
    const { rows } = this
    const slot = slotOf(rows.shape, time, values)
    const at = rows.placeOf(time)
    if (rows.isTaken(at - 1, time, slot) || rows.isTaken(at, time, slot)) return false
    if (at === 0 && this.forgotten) return false
    rows.insert(at, time, values, publishedAt)
    if (at < this.open) this.open = time > this.doneUntil ? at : this.open + 1
    if (time > this.newest) this.newest = time
    return true
  }

  /**
   * Windows that became due since the last call, in order of their end, in memory of `slab`. `widening` makes the
   * catalogue's stride so many times as wide.
   */
  takeDue(slab = new Slab(), widening = 1): DueWindow[] {
    const { rows } = this
    const stride = rows.shape.type.window.stride * widening
    const due: DueWindow[] = []
    for (; this.open < rows.length; this.open++) {
      const time = rows.time(this.open)
      if (time <= this.doneUntil || !onStride(rows.slot(this.open), stride)) continue
      const alignment = alignWindow(rows, this.open, slab)
      if (time > this.watermark && !this.isComplete(alignment)) break
      this.doneUntil = time
      due.push(dueAt(time, alignment))
    }
    this.forget()
    return due
  }

  /** Nothing that may still come can enter: a short window could grow at its start until the watermark passed that. */
  private isComplete({ full, long, start }: Alignment): boolean {
    return full && (long || start <= this.watermark)
  }

  /** What neither an open window needs nor one that a reading within the allowed lateness may still open. */
  private forget(): void {
    const { rows, watermark } = this
    let needed = this.open
    while (needed > 0 && this.mayFollow(rows.time(needed - 1), watermark)) needed -= 1
    const surplus = needed - rows.shape.keep
    if (surplus <= 0) return
    rows.drop(surplus)
    this.open -= surplus
    this.forgotten = true
  }

  private mayFollow(time: number, watermark: number): boolean {
    return time > this.doneUntil && time >= watermark
  }
}

const dueAt = (windowEnd: number, alignment: Alignment): DueWindow =>
  'window' in alignment ? { windowEnd, window: alignment.window } : { windowEnd, reason: alignment.reason }
