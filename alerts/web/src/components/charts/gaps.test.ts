import { describe, expect, it } from 'vitest'
import { laidOver, withGaps } from './gaps.ts'

const even = (from: number, count: number, step: number) =>
  Array.from({ length: count }, (_, i) => from + i * step)

describe('withGaps', () => {
  it('puts a hole where time jumps, and only there', () => {
    const times = [...even(0, 30, 10), ...even(1000, 30, 10)]
    const gapped = withGaps(times)
    expect(gapped.index.filter((i) => i === null)).toHaveLength(1)
    expect(gapped.x[30]).toBe((290 + 1000) / 2)
    expect(laidOver(gapped, times)).toEqual([...times.slice(0, 30), null, ...times.slice(30)])
  })

  it('takes a change of pace for no gap', () => {
    const times = [...even(0, 60, 10), ...even(640, 30, 50)]
    expect(withGaps(times).index).not.toContain(null)
  })

  it('copes with nothing and with one point', () => {
    expect(withGaps([])).toEqual({ x: [], index: [] })
    expect(withGaps([5])).toEqual({ x: [5], index: [0] })
  })
})
