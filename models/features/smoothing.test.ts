import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSmoother } from './smoothing.ts'
import type { Smoothing } from './spec.ts'

/** What becomes of one input's rows. */
function smoothed(smoothing: Smoothing, rows: readonly number[]): number {
  const smoother = createSmoother(smoothing, 1)
  smoother.begin(rows.length)
  for (const value of rows) smoother.take(Float64Array.of(value))
  const into = new Float64Array(1)
  smoother.write(into, 0)
  return into[0]!
}

const [slope, curvature] = [
  { kind: 'slope', over: 50 },
  { kind: 'curvature', over: 50 },
] as const
const length = fc.integer({ min: 3, max: 80 })
const number = fc.double({ min: -10, max: 10, noNaN: true })

describe('slope and curvature of the newest rows', () => {
  it('are those of three rows by hand', () => {
    // Weights (-1, 0, 1) / sqrt(6) and (1, -2, 1) / sqrt(18).
    expect(smoothed({ kind: 'slope', over: 3 }, [9, 1, 2, 6])).toBeCloseTo(5 / Math.sqrt(6), 12)
    expect(smoothed({ kind: 'curvature', over: 3 }, [9, 1, 2, 6])).toBeCloseTo(3 / Math.sqrt(18), 12)
  })

  it('see nothing but their own part of a parabola', () => {
    fc.assert(
      fc.property(length, number, number, (rows, level, rise) => {
        const line = Array.from({ length: rows }, (_, row) => level + rise * row)
        expect(smoothed(curvature, line)).toBeCloseTo(0, 6)
        const counted = Math.min(50, rows)
        // A line stands off its mean by its rise times the spread of 0, 1, 2, ...
        expect(smoothed(slope, line)).toBeCloseTo(rise * Math.sqrt((counted ** 2 - 1) / 12), 6)
        const bowl = line.map((_, row) => level + rise * (row - (rows - 1) / 2) ** 2)
        if (rows <= 50) expect(smoothed(slope, bowl)).toBeCloseTo(0, 6)
      }),
    )
  })

  it('are as noisy as the mean: each row counts with a squared sum of 1 / rows', () => {
    const squares = (smoothing: Smoothing, rows: number) =>
      Array.from({ length: rows }, (_, at) =>
        smoothed(
          smoothing,
          Array.from({ length: rows }, (__, row) => (row === at ? 1 : 0)),
        ),
      ).reduce((sum, weight) => sum + weight ** 2, 0)
    for (const rows of [3, 10, 50])
      for (const smoothing of [slope, curvature]) expect(squares(smoothing, rows)).toBeCloseTo(1 / rows, 12)
  })

  it('are none where too few rows tell them', () => {
    expect(smoothed(slope, [7])).toBe(0)
    expect(smoothed(curvature, [7, 9])).toBe(0)
  })

  it('begin anew with every window', () => {
    const smoother = createSmoother(slope, 1)
    const into = new Float64Array(1)
    for (const rows of [
      [1, 2, 3, 4],
      [5, 1],
      [1, 2, 3, 4],
    ]) {
      smoother.begin(rows.length)
      for (const value of rows) smoother.take(Float64Array.of(value))
      smoother.write(into, 0)
    }
    expect(into[0]).toBe(smoothed(slope, [1, 2, 3, 4]))
  })
})
