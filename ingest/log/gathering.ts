import type { Reading } from '../../core/reading.ts'
import type { KnownDevice } from './log.ts'

/** More go into several blocks, so that a consumer's memory stays bounded. */
export const maxReadingsPerBlock = 16_384

const fewest = 256

/**
 * Readings of one asset type side by side while they wait for their block. A reading is copied in at once and nothing of
 * it is kept: thousands that wait for the disk as objects would be copied from generation to generation by the garbage
 * collector, which took a third of the thread.
 */
export class GatheredColumns {
  length = 0
  /** Index of the reading's device among the block's devices. */
  device = new Uint32Array(fewest)
  time = new Float64Array(fewest)
  receivedAt = new Float64Array(fewest)
  publishedAt = new Float64Array(fewest)
  seq = new Float64Array(fewest)
  readonly channels: Float64Array[]

  /** `width`: channels of a reading. */
  constructor(width: number) {
    this.channels = Array.from({ length: width }, () => new Float64Array(fewest))
  }

  add(device: number, reading: Reading): void {
    if (this.length === this.time.length) this.grow()
    const row = this.length++
    this.device[row] = device
    this.time[row] = reading.time
    this.receivedAt[row] = reading.receivedAt
    this.publishedAt[row] = reading.publishedAt
    this.seq[row] = reading.seq
    const { channels } = this
    const { values } = reading
    for (let c = 0; c < channels.length; c++) channels[c]![row] = values[c]!
  }

  private grow(): void {
    const size = Math.min(maxReadingsPerBlock, 4 * this.length)
    this.device = longer(new Uint32Array(size), this.device)
    this.time = longer(new Float64Array(size), this.time)
    this.receivedAt = longer(new Float64Array(size), this.receivedAt)
    this.publishedAt = longer(new Float64Array(size), this.publishedAt)
    this.seq = longer(new Float64Array(size), this.seq)
    this.channels.forEach((values, c) => {
      this.channels[c] = longer(new Float64Array(size), values)
    })
  }
}

function longer<T extends Uint32Array | Float64Array>(into: T, from: T): T {
  into.set(from)
  return into
}

/** The columns of blocks that are written, to be filled again: a commit needs as much memory as the one before. */
export class ColumnPool {
  private readonly free = new Map<string, GatheredColumns[]>()

  take(assetType: string, width: number): GatheredColumns {
    const columns = this.free.get(assetType)?.pop()
    if (columns?.channels.length !== width) return new GatheredColumns(width)
    columns.length = 0
    return columns
  }

  giveBack(block: GatheredBlock): void {
    for (const [assetType, columns] of block.segments) {
      const free = this.free.get(assetType)
      if (!free) this.free.set(assetType, [columns])
      else if (free.length < mostFree) free.push(columns)
    }
  }
}

/** What one commit writes and the next gathers. */
const mostFree = 4

/** Readings in order of arrival on their way into one block. */
export class GatheredBlock {
  length = 0
  /** By asset type, in order of first appearance. */
  readonly segments = new Map<string, GatheredColumns>()
  /** Every device with readings in it. Their numbers are given when the block is written: a block may never be. */
  readonly devices: KnownDevice[] = []
  private readonly indices = new Map<string, number>()

  constructor(private readonly pool: ColumnPool) {}

  get isFull(): boolean {
    return this.length >= maxReadingsPerBlock
  }

  add(reading: Reading): void {
    let segment = this.segments.get(reading.assetType)
    if (!segment) {
      segment = this.pool.take(reading.assetType, reading.values.length)
      this.segments.set(reading.assetType, segment)
    }
    segment.add(this.indexOf(reading), reading)
    this.length++
  }

  private indexOf({ device, site, assetType }: Reading): number {
    const index = this.indices.get(device)
    if (index !== undefined) {
      const known = this.devices[index]!
      if (known.site === site && known.assetType === assetType) return index
    }
    // a name that stands for two places in one block is rare: it is listed again with each change
    this.indices.set(device, this.devices.length)
    return this.devices.push({ device, site, assetType }) - 1
  }
}
