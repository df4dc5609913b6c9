import { deserialize, serialize } from 'node:v8'
import type { Catalogue } from '../../core/catalogue.ts'
import type { ReadingBatch } from '../../core/reading.ts'
import { partitionOf } from './partition.ts'

/** A batch with the names of its channels: sender and receiver may have different editions of the catalogue. */
interface Packed extends Omit<ReadingBatch, 'channels'> {
  readonly names: readonly string[]
  readonly channels: readonly Float64Array[]
}

/** The readings of a slice by partition, each packed as one stream entry; partitions without readings are left out. */
export function packByPartition(
  batches: readonly ReadingBatch[],
  partitions: number,
  catalogue: Catalogue,
): Map<number, { bytes: Buffer; readings: number }> {
  const parts = new Map<number, Packed[]>()
  for (const batch of batches) {
    const names = catalogue.get(batch.assetType)!.channels.map((channel) => channel.name)
    for (const [partition, rows] of rowsByPartition(batch, partitions)) {
      const packed = parts.get(partition) ?? []
      parts.set(partition, packed)
      packed.push({ ...pick(batch, rows), names })
    }
  }
  return new Map(
    [...parts].map(([partition, packed]) => [
      partition,
      { bytes: serialize(packed), readings: packed.reduce((sum, batch) => sum + batch.length, 0) },
    ]),
  )
}

/** The batches of an entry, channels in the order of this catalogue; asset types that it lacks are left out. */
export function unpack(bytes: Uint8Array, catalogue: Catalogue): ReadingBatch[] {
  return (deserialize(bytes) as Packed[]).flatMap(({ names, channels, ...batch }) => {
    const type = catalogue.get(batch.assetType)
    if (!type) return []
    const none = () => new Float64Array(batch.length).fill(Number.NaN)
    return [{ ...batch, channels: type.channels.map(({ name }) => channels[names.indexOf(name)] ?? none()) }]
  })
}

function rowsByPartition(batch: ReadingBatch, partitions: number): Map<number, number[]> {
  const rows = new Map<number, number[]>()
  batch.device.forEach((device, row) => {
    const partition = partitionOf(device, partitions)
    const known = rows.get(partition)
    if (known) known.push(row)
    else rows.set(partition, [row])
  })
  return rows
}

function pick(batch: ReadingBatch, rows: readonly number[]): ReadingBatch {
  const numbers = (column: Float64Array) => Float64Array.from(rows, (row) => column[row]!)
  return {
    assetType: batch.assetType,
    length: rows.length,
    device: rows.map((row) => batch.device[row]!),
    site: rows.map((row) => batch.site[row]!),
    time: numbers(batch.time),
    receivedAt: numbers(batch.receivedAt),
    publishedAt: numbers(batch.publishedAt),
    seq: numbers(batch.seq),
    channels: batch.channels.map(numbers),
  }
}
