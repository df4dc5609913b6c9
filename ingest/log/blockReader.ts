import type { Catalogue } from '../../core/catalogue.ts'
import { ForewarnError } from '../../core/errors.ts'
import type { LogSlice } from '../../core/ports.ts'
import type { LogPosition } from '../../core/reading.ts'
import { BatchBuilder, type Layout } from './batchBuilder.ts'
import { type BlockHeader, blockDamage, readHeader, readSegments } from './blockFormat.ts'
import { type Environment, emptyState, type LogState, readState } from './environment.ts'
import type { KnownDevice } from './log.ts'

/** Reads blocks from an open environment; the writer uses it, and readers in other threads. */
export class BlockReader {
  private readonly devices: KnownDevice[] = []
  private readonly layouts: Layout[] = []
  private readonly deviceOf = (number: number): KnownDevice => this.device(number)
  private readonly widthOf = (layout: number): number | undefined => this.layout(layout)?.channels.length

  constructor(
    private readonly environment: Environment,
    private readonly folder: string,
    private readonly catalogue: Catalogue,
  ) {}

  /** As of the newest commit, not of this event turn's first read. */
  state(): LogState {
    this.environment.root.resetReadTxn()
    return readState(this.environment, this.folder) ?? emptyState
  }

  read(after: LogPosition, maxReadings: number): LogSlice | undefined {
    const { last, trimmed } = this.state()
    let position = Math.max(after, trimmed)
    if (position >= last) return undefined
    const builder = new BatchBuilder(this.catalogue, this.deviceOf)
    let readings = 0
    while (position < last && readings < maxReadings) {
      position += 1
      readings += this.addBlock(position, builder)
    }
    return { position, batches: builder.build() }
  }

  /** Throws LOG_DAMAGED. */
  header(position: LogPosition): BlockHeader {
    return readHeader(this.block(position))
  }

  private addBlock(position: LogPosition, builder: BatchBuilder): number {
    const block = this.block(position)
    const segments = readSegments(block, this.widthOf)
    if (!segments) throw this.damaged(position, 'its parts do not fit together')
    for (const segment of segments) builder.add(this.layout(segment.layout)!, segment)
    return readHeader(block).readings
  }

  private block(position: LogPosition): Uint8Array {
    const bytes = this.environment.blocks.getBinary(position)
    // typed views need an aligned start
    const block = bytes && bytes.byteOffset % 8 !== 0 ? Uint8Array.from(bytes) : bytes
    const damage = blockDamage(block, position)
    if (damage) throw this.damaged(position, damage)
    return block!
  }

  private damaged(position: LogPosition, problem: string): ForewarnError {
    return new ForewarnError('LOG_DAMAGED', {
      folder: this.folder,
      problem: `block ${position}: ${problem}`,
    })
  }

  private device(number: number): KnownDevice {
    this.devices[number] ??= this.environment.devices.get(number) ?? this.missing('device', number)
    return this.devices[number]
  }

  private layout(number: number): Layout | undefined {
    const layout = this.layouts[number] ?? this.environment.layouts.get(number)
    if (layout) this.layouts[number] = layout
    return layout
  }

  private missing(what: string, number: number): never {
    throw new ForewarnError('LOG_DAMAGED', {
      folder: this.folder,
      problem: `${what} ${number} is not in the dictionary`,
    })
  }
}
