import { describe, expect, it } from 'vitest'
import { noise } from '../detection/testing.ts'
import type { AlignedWindow } from '../windows/align.ts'
import { isStuck, leastSpreadOf, rowsToStick, stuckLimits } from './stuck.ts'

function windowOf(series: readonly number[], held: readonly number[] = []): AlignedWindow {
  return {
    values: Float32Array.from(series),
    rows: series.length,
    channels: 1,
    times: Float64Array.from(series, (_, i) => i),
    held: series.map((_, i) => held.includes(i)),
    publishedAt: Number.NaN,
  }
}

const dithers = (size: number) => Array.from({ length: 20 }, (_, i) => 50 + size * (i % 2 ? 1 : -1))

describe('a stuck sensor', () => {
  const next = noise(4)
  const taught = Array.from({ length: 5000 }, () => 50 + next())
  const limits = stuckLimits(1, leastSpreadOf(taught, rowsToStick(1)))

  it('repeats one value, or dithers far below anything that it showed while it measured', () => {
    expect(isStuck(windowOf(dithers(0)), 0, limits)).toBe(true)
    expect(isStuck(windowOf(dithers(0.001)), 0, limits)).toBe(true)
    expect(isStuck(windowOf(dithers(0.5)), 0, limits)).toBe(false)
  })

  it('is no sensor that measures: in a hundred thousand other windows none', () => {
    const fresh = noise(5)
    for (let i = 0; i < 100_000; i++)
      if (isStuck(windowOf(Array.from({ length: 8 }, () => 50 + fresh())), 0, limits))
        expect.fail(`window ${i}`)
  })

  it('that reports coarse steps is stuck by standing still alone, one step among the rows is life', () => {
    const step = 2.5
    const longestRun = 12
    const rows = rowsToStick(longestRun)
    const stood = new Array<number>(longestRun).fill(50)
    const coarse = [
      ...taught.map((value) => Math.round(value / step) * step),
      ...stood,
      52.5,
      ...stood,
      52.5,
      ...stood,
    ]
    const known = stuckLimits(longestRun, leastSpreadOf(coarse, rows))
    expect(known.spread).toBeGreaterThan(0)
    expect(isStuck(windowOf(new Array<number>(rows).fill(50)), 0, known)).toBe(true)
    expect(isStuck(windowOf(new Array<number>(rows - 1).fill(50)), 0, known)).toBe(false)
    expect(isStuck(windowOf([...new Array<number>(rows - 1).fill(50), 52.5]), 0, known)).toBe(false)
    expect(isStuck(windowOf(Array.from({ length: rows }, (_, i) => 50 + 0.01 * (i % 3))), 0, known)).toBe(
      true,
    )
  })

  it('is not told by rows that were held, nor by a model that did not learn the spread', () => {
    const series = dithers(0.001)
    expect(
      isStuck(
        windowOf(
          series,
          Array.from({ length: 13 }, (_, i) => i),
        ),
        0,
        limits,
      ),
    ).toBe(false)
    expect(isStuck(windowOf(series), 0, stuckLimits(1, undefined))).toBe(false)
  })
})
