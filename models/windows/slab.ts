/** Windows that the next blocks have room for: few at first, as most runs have few. */
const leastWindows = 8
const mostWindows = 256

/** Memory of a window for its values and event times. */
export interface Sheet {
  readonly values: Float32Array
  readonly times: Float64Array
}

/**
 * Hands out memory for windows, many from one block: an array buffer of its own for each would cost more than what is
 * written into it, and a block goes to another thread in one piece. Never takes any back; whoever has the windows has
 * their block.
 */
export class Slab {
  private block = new ArrayBuffer(0)
  private used = 0
  private windows = leastWindows / 2

  /** A sheet of `rows` times and `rows` x `channels` values. */
  sheet(rows: number, channels: number): Sheet {
    const bytes = sheetBytes(rows, channels)
    if (this.used + bytes > this.block.byteLength) this.next(bytes)
    const times = new Float64Array(this.block, this.used, rows)
    const values = new Float32Array(this.block, this.used + 8 * rows, rows * channels)
    this.used += bytes
    return { values, times }
  }

  private next(bytes: number): void {
    this.windows = Math.min(2 * this.windows, mostWindows)
    this.block = new ArrayBuffer(this.windows * bytes)
    this.used = 0
  }
}

/** Rounded up, so that the next sheet's times are aligned. */
const sheetBytes = (rows: number, channels: number) => Math.ceil((8 * rows + 4 * rows * channels) / 8) * 8
