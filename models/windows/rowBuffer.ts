import { ownRegion, type Region } from './rowPool.ts'
import { firstRows, type WindowShape } from './shape.ts'
import { slotOf, slotsBetween } from './slot.ts'

/**
 * Readings of one device in order of time: columns in memory that devices share, no object per reading. Rows are counted
 * from the oldest, 0; the device's region has some room at its end and, where rows were dropped, at its start.
 */
export class RowBuffer {
  private rows = 0
  private region: Region
  /** Place of row 0 in the region's columns. */
  private first: number
  /** Event time of the newest reading that lacked a value, ms. */
  private newestHole = Number.NEGATIVE_INFINITY
  /** Every reading after this event time, ms, came in order and in the slot after the one before. */
  private evenFrom = Number.NEGATIVE_INFINITY
  /** Event time of the newest reading whose publisher said when it was published, ms. */
  private newestPublished = Number.NEGATIVE_INFINITY

  constructor(readonly shape: WindowShape) {
    this.region = shape.pools.first.take()
    this.first = this.region.start
  }

  get length(): number {
    return this.rows
  }

  time(row: number): number {
    return this.region.times[this.first + row]!
  }

  slot(row: number): number {
    const place = this.first + row
    return slotOf(this.shape, this.region.times[place]!, this.region.values, place * this.shape.channels)
  }

  value(row: number, channel: number): number {
    return this.region.values[(this.first + row) * this.shape.channels + channel]!
  }

  /** Whether every channel of every row from `row` on has a value. */
  isWhole(row: number): boolean {
    return this.time(row) > this.newestHole
  }

  /** Whether the rows from `row` on are known to stand in slots next to each other. */
  isEven(row: number): boolean {
    return this.time(row) >= this.evenFrom
  }

  /** Whether a row from `row` on says when it was published. */
  tellsPublished(row: number): boolean {
    return this.time(row) <= this.newestPublished
  }

  /** Newest `publishedAt` of `rows` rows from `row` on; NaN where none says it. */
  newestPublishedOf(row: number, rows: number): number {
    let newest = Number.NaN
    for (let place = this.first + row, left = rows; left > 0; place++, left--) {
      const published = this.region.published[place]!
      if (!(published <= newest) && !Number.isNaN(published)) newest = published
    }
    return newest
  }

  /** Row before which one of this event time belongs: after the last whose time is not above it. */
  placeOf(time: number): number {
    let at = this.rows
    while (at > 0 && this.time(at - 1) > time) at -= 1
    return at
  }

  /** Whether a reading would stand in the slot, or at the event time, of this row. */
  isTaken(row: number, time: number, slot: number): boolean {
    if (row < 0 || row >= this.rows) return false
    const known = this.time(row)
    return known === time || slotsBetween(this.slot(row), slot) === 0
  }

  /** Puts a reading before row `at`; `values` has one value a channel, NaN where the reading has none. */
  insert(at: number, time: number, values: Float32Array, publishedAt: number): void {
    const { start, capacity } = this.region
    if (this.first + this.rows === start + capacity) this.makeRoom()
    this.note(at, time, values, publishedAt)
    const { channels } = this.shape
    const place = this.first + at
    if (at < this.rows) this.move(place, place + 1, this.rows - at)
    this.region.times[place] = time
    this.region.published[place] = publishedAt
    for (let c = 0, to = place * channels; c < channels; c++, to++) this.region.values[to] = values[c]!
    this.rows += 1
  }

  /** Keeps what windows that are copied in one piece have to know. */
  private note(at: number, time: number, values: Float32Array, publishedAt: number): void {
    if (time > this.newestHole && lacksOne(values)) this.newestHole = time
    if (!Number.isNaN(publishedAt) && time > this.newestPublished) this.newestPublished = time
    if (at < this.rows) this.evenFrom = this.time(this.rows - 1)
    else if (at > 0 && slotsBetween(this.slot(at - 1), slotOf(this.shape, time, values)) !== 1)
      this.evenFrom = time
  }

  /** Forgets the oldest rows. */
  drop(rows: number): void {
    this.first += rows
    this.rows -= rows
  }

  /** Copies `rows` rows from `row` on. */
  copy(row: number, rows: number, values: Float32Array, times: Float64Array): void {
    const from = this.first + row
    const { channels } = this.shape
    values.set(this.region.values.subarray(from * channels, (from + rows) * channels))
    for (let i = 0; i < rows; i++) times[i] = this.region.times[from + i]!
  }

  /** Where a fair part of the region lies free at its start, the rows move there; else it becomes a larger one. */
  private makeRoom(): void {
    const { start, capacity } = this.region
    if ((this.first - start) * 16 < capacity) this.moveTo(this.larger())
    else this.move(this.first, start, this.rows)
    this.first = this.region.start
  }

  /** Few rows, then as many as are usual: regions of many sizes would leave memory in pieces. */
  private larger(): Region {
    const { pools, usualRows, channels } = this.shape
    const { capacity } = this.region
    return capacity < usualRows ? pools.usual.take() : ownRegion(2 * capacity, channels)
  }

  private move(from: number, to: number, rows: number): void {
    const { times, published, values } = this.region
    const { channels } = this.shape
    times.copyWithin(to, from, from + rows)
    published.copyWithin(to, from, from + rows)
    values.copyWithin(to * channels, from * channels, (from + rows) * channels)
  }

  private moveTo(next: Region): void {
    const { first, rows, region } = this
    const { channels, pools } = this.shape
    next.times.set(region.times.subarray(first, first + rows), next.start)
    next.published.set(region.published.subarray(first, first + rows), next.start)
    next.values.set(
      region.values.subarray(first * channels, (first + rows) * channels),
      next.start * channels,
    )
    if (region.capacity === firstRows) pools.first.giveBack(region)
    else if (region.capacity === this.shape.usualRows) pools.usual.giveBack(region)
    this.region = next
  }
}

function lacksOne(values: Float32Array): boolean {
  for (let c = 0; c < values.length; c++) if (Number.isNaN(values[c])) return true
  return false
}
