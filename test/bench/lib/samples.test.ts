import { expect, it } from 'vitest'
import { growthOf } from './samples.ts'

it('tells a trend from a saw', () => {
  const saw = Array.from({ length: 100 }, (_, i) => 50 + (i % 10))
  expect(Math.abs(growthOf(saw).growth)).toBeLessThan(0.03)
  expect(growthOf(saw.map((value, i) => value + i)).growth).toBeGreaterThan(0.9)
  expect(growthOf([3, 3, 3])).toEqual({ least: 3, most: 3, growth: 0 })
  expect(growthOf([7])).toEqual({ least: 7, most: 7, growth: 0 })
})
