/** Columns of rows: event time, `publishedAt`, and the channels row by row. */
export interface RowColumns {
  readonly times: Float64Array
  readonly published: Float64Array
  readonly values: Float32Array
}

/** Some rows of larger columns, from `start` on. */
export interface Region extends RowColumns {
  readonly start: number
  readonly capacity: number
}

/** Bytes of the columns that regions are cut from, and the most regions in them. */
const columnBytes = 262_144
const mostRegions = 64

/**
 * Hands out regions of one size, many from the same columns: a device's own array buffer would cost a kilobyte beside
 * what it holds. What is handed out is forgotten; whoever has a region has its columns.
 */
export class RowPool {
  private readonly free: Region[] = []

  constructor(
    private readonly channels: number,
    private readonly capacity: number,
  ) {}

  take(): Region {
    if (this.free.length === 0) this.cut()
    return this.free.pop()!
  }

  giveBack(region: Region): void {
    this.free.push(region)
  }

  private cut(): void {
    const { capacity, channels, free } = this
    const fitting = Math.floor(columnBytes / (capacity * rowBytes(channels)))
    const regions = Math.max(1, Math.min(mostRegions, fitting))
    const columns = newColumns(regions * capacity, channels)
    for (let i = regions - 1; i >= 0; i--) free.push({ ...columns, start: i * capacity, capacity })
  }
}

/** A region with columns of its own. */
export const ownRegion = (capacity: number, channels: number): Region => ({
  ...newColumns(capacity, channels),
  start: 0,
  capacity,
})

const rowBytes = (channels: number) => 16 + 4 * channels

function newColumns(rows: number, channels: number): RowColumns {
  const block = new ArrayBuffer(rows * rowBytes(channels))
  return {
    times: new Float64Array(block, 0, rows),
    published: new Float64Array(block, 8 * rows, rows),
    values: new Float32Array(block, 16 * rows, channels * rows),
  }
}
