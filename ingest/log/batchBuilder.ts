import type { AssetType, Catalogue } from '../../core/catalogue.ts'
import { ForewarnError } from '../../core/errors.ts'
import type { ReadingBatch } from '../../core/reading.ts'
import type { KnownDevice } from './log.ts'

/** A stretch of readings of one asset type with columns side by side, as a block holds it. */
export interface Columns {
  readonly length: number
  readonly device: ArrayLike<number>
  readonly time: Float64Array
  readonly receivedAt: Float64Array
  readonly publishedAt: Float64Array
  readonly seq: Float64Array
  readonly channels: readonly Float64Array[]
}

/** The channels that a stretch was written with: the catalogue may have changed since. */
export interface Layout {
  readonly assetType: string
  readonly channels: readonly string[]
}

/**
 * Joins stretches into one batch an asset type, in order of arrival, with the channels as the catalogue orders them
 * today: a channel that came later is NaN in older readings, one that went is left out.
 */
export class BatchBuilder {
  private readonly stretches = new Map<string, { layout: Layout; columns: Columns }[]>()

  constructor(
    private readonly catalogue: Catalogue,
    private readonly deviceOf: (number: number) => KnownDevice,
  ) {}

  add(layout: Layout, columns: Columns): void {
    const known = this.stretches.get(layout.assetType)
    if (known) known.push({ layout, columns })
    else this.stretches.set(layout.assetType, [{ layout, columns }])
  }

  /** Throws CATALOGUE_INVALID where readings of an asset type wait that has no catalogue file any more. */
  build(): ReadingBatch[] {
    return [...this.stretches].map(([name, stretches]) => this.batch(this.typeOf(name), stretches))
  }

  private typeOf(name: string): AssetType {
    const type = this.catalogue.get(name)
    if (type) return type
    throw new ForewarnError('CATALOGUE_INVALID', {
      file: `${name}.yaml`,
      path: 'name',
      problem: 'the file is gone, but the reading log still holds readings of this asset type',
    })
  }

  private batch(type: AssetType, stretches: readonly { layout: Layout; columns: Columns }[]): ReadingBatch {
    const length = stretches.reduce((sum, s) => sum + s.columns.length, 0)
    const batch = {
      assetType: type.name,
      length,
      device: new Array<string>(length),
      site: new Array<string>(length),
      time: new Float64Array(length),
      receivedAt: new Float64Array(length),
      publishedAt: new Float64Array(length),
      seq: new Float64Array(length),
      channels: type.channels.map(() => new Float64Array(length)),
    }
    let at = 0
    for (const { layout, columns } of stretches) {
      this.copyNames(columns, batch, at)
      batch.time.set(columns.time, at)
      batch.receivedAt.set(columns.receivedAt, at)
      batch.publishedAt.set(columns.publishedAt, at)
      batch.seq.set(columns.seq, at)
      copyChannels(type, layout, columns, batch.channels, at)
      at += columns.length
    }
    return batch
  }

  private copyNames(columns: Columns, into: { device: string[]; site: string[] }, at: number): void {
    for (let i = 0; i < columns.length; i++) {
      const known = this.deviceOf(columns.device[i]!)
      into.device[at + i] = known.device
      into.site[at + i] = known.site
    }
  }
}

function copyChannels(
  type: AssetType,
  layout: Layout,
  columns: Columns,
  into: readonly Float64Array[],
  at: number,
): void {
  type.channels.forEach(({ name }, c) => {
    // the common case first: the layout is today's catalogue
    const source = layout.channels[c] === name ? c : layout.channels.indexOf(name)
    if (source >= 0) into[c]!.set(columns.channels[source]!, at)
    else into[c]!.fill(Number.NaN, at, at + columns.length)
  })
}
