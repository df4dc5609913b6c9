import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { holds, parseShare, partitionOf, partitionsOf } from './partition.ts'

describe('partitions', () => {
  it('gives a device the same partition in every process: these are written down', () => {
    expect(['P-101', 'P-102', 'engine 7', ''].map((device) => partitionOf(device, 8))).toEqual([2, 7, 2, 5])
  })

  it('keeps within the number of partitions, whatever the name', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 256 }), (device, partitions) => {
        const partition = partitionOf(device, partitions)
        expect(partition).toBeGreaterThanOrEqual(0)
        expect(partition).toBeLessThan(partitions)
      }),
    )
  })

  it('spreads a fleet', () => {
    const counts = new Array<number>(8).fill(0)
    for (let i = 0; i < 8_000; i++) counts[partitionOf(`pump-${i}`, 8)]!++
    expect(Math.min(...counts)).toBeGreaterThan(800)
  })

  it('shares them out so that every partition has exactly one holder', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 64 }), fc.integer({ min: 1, max: 16 }), (partitions, of) => {
        const held = Array.from({ length: of }, (_, i) =>
          partitionsOf({ which: i + 1, of }, partitions),
        ).flat()
        expect(held.toSorted((a, b) => a - b)).toEqual([...Array(partitions).keys()])
      }),
    )
    expect(partitionsOf(parseShare('2/3'), 8)).toEqual([1, 4, 7])
  })

  it('says of a device the same as of its partition', () => {
    for (const which of [1, 2, 3]) {
      const share = { which, of: 3 }
      for (const device of ['P-101', 'P-102', 'engine 7'])
        expect(holds(share, device, 8)).toBe(partitionsOf(share, 8).includes(partitionOf(device, 8)))
    }
  })
})
