import { expect, it } from 'vitest'
import { mergeBuckets } from './buckets.ts'

it('joins parts of a bucket whatever their order, and weighs their means', () => {
  const part = (time: number, count: number, min: number, max: number, mean: number) => ({
    time,
    count,
    min,
    max,
    mean,
  })
  const parts = [part(20, 1, 7, 7, 7), part(3, 3, 1, 9, 4), part(-1, 1, 0, 0, 0), part(9, 1, -5, -5, -8)]
  expect(mergeBuckets(parts, 10)).toEqual([part(-10, 1, 0, 0, 0), part(0, 4, -5, 9, 1), part(20, 1, 7, 7, 7)])
  const [large] = mergeBuckets([part(0, 1, 1e308, 1e308, 1e308), part(1, 3, 1e308, 1e308, 1e308)], 10)
  expect(large).toEqual(part(0, 4, 1e308, 1e308, 1e308))
})
