import { describe, expect, it } from 'vitest'
import type { Catalogue } from '../../core/catalogue.ts'
import type { ReadingBatch } from '../../core/reading.ts'
import { catalogueOf } from '../log/testing.ts'
import { packByPartition, unpack } from './entry.ts'
import { partitionOf } from './partition.ts'

const batch = (devices: readonly string[], channels: readonly number[][]): ReadingBatch => {
  const column = (start: number) => Float64Array.from(devices, (_, i) => start + i)
  return {
    assetType: 'fan',
    length: devices.length,
    device: devices,
    site: devices.map(() => 'hall'),
    time: column(1_000),
    receivedAt: column(2_000),
    publishedAt: new Float64Array(devices.length).fill(Number.NaN),
    seq: column(0),
    channels: channels.map((values) => Float64Array.from(values)),
  }
}
const devices = ['a', 'b', 'c', 'a', 'd']
const sent = batch(devices, [
  [1, 2, 3, 4, Number.NaN],
  [10, 20, 30, 40, 50],
])
const today = catalogueOf('speed', 'noise')

/** Every reading as it was packed, in order of partitions. */
const roundTrip = (catalogue: Catalogue) =>
  [...packByPartition([sent], 3, today)].flatMap(([partition, { bytes, readings }]) => {
    const batches = unpack(bytes, catalogue)
    expect(batches.reduce((sum, b) => sum + b.length, 0)).toBe(batches.length === 0 ? 0 : readings)
    return batches.map((b) => ({ partition, batch: b }))
  })

describe('a slice on its way', () => {
  it('goes to the partitions of its devices, readings of one device in order', () => {
    const seen = roundTrip(today)
    for (const { partition, batch: b } of seen)
      expect(new Set(b.device.map((device) => partitionOf(device, 3)))).toEqual(new Set([partition]))
    const rows = seen.flatMap(({ batch: b }) =>
      b.device.map((device, i) => ({ device, time: b.time[i]!, values: b.channels.map((c) => c[i]!) })),
    )
    expect(rows.toSorted((x, y) => x.time - y.time)).toEqual(
      devices.map((device, i) => ({
        device,
        time: 1_000 + i,
        values: sent.channels.map((channel) => channel[i]!),
      })),
    )
  })

  it('is read by a process with another edition of the catalogue: by name, new channels empty', () => {
    const rows = roundTrip(catalogueOf('noise', 'heat')).flatMap(({ batch: b }) => [...b.channels[0]!])
    expect(rows.toSorted()).toEqual([10, 20, 30, 40, 50])
    const heat = roundTrip(catalogueOf('noise', 'heat')).flatMap(({ batch: b }) => [...b.channels[1]!])
    expect(heat.every(Number.isNaN)).toBe(true)
  })

  it('leaves out an asset type that the reader does not know', () => {
    expect(roundTrip(new Map())).toEqual([])
  })
})
