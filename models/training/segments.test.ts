import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AssetType, parseAssetType } from '../../core/catalogue.ts'
import { press } from '../../test/properties/tinyAsset.ts'
import { alignWindow } from '../windows/align.ts'
import { RowBuffer } from '../windows/rowBuffer.ts'
import { shapeOf } from '../windows/shape.ts'
import { Slab } from '../windows/slab.ts'
import { segmentsOf } from './segments.ts'
import type { DeviceSeries } from './series.ts'

const minute = press.cadenceMs
const start = Date.UTC(2025, 0, 1)
const all = press.channels.map((_, c) => c)

/** A press at these minutes, each channel its own number of the minute. */
const at = (
  minutes: readonly number[],
  hole: (minute: number, c: number) => boolean = () => false,
): DeviceSeries => ({
  device: 'press',
  times: Float64Array.from(minutes, (m) => start + m * minute),
  channels: all.map((c) => Float64Array.from(minutes, (m) => (hole(m, c) ? Number.NaN : m + c / 8))),
  rul: null,
})

describe('segments', () => {
  it('hold a few missing slots and are cut by more', () => {
    const segments = segmentsOf(press, at([0, 1, 4, 5, 9, 10]), all)
    expect(segments.map(({ values }) => [...values[0]!])).toEqual([
      [0, 1, 1, 1, 4, 5],
      [9, 10],
    ])
    expect(segments.map(({ held }) => held)).toEqual([2, 0])
    expect(segments[0]!.times[2]).toBe(start + 2 * minute)
  })

  it('keep the first reading of a slot', () => {
    const { times, channels, ...rest } = at([0, 1, 1.2, 2])
    const [segment] = segmentsOf(press, { times, channels, ...rest }, all)
    expect([...segment!.values[0]!]).toEqual([0, 1, 2])
  })

  it('are cut where a needed channel is missing for too long, and only there', () => {
    const series = at([0, 1, 2, 3, 4, 5, 6], (m, c) => c === 1 && m > 1 && m < 5)
    expect(segmentsOf(press, series, all).map(({ values }) => [...values[1]!])).toEqual([
      [0.125, 1.125, 1.125, 1.125],
      [5.125, 6.125],
    ])
    expect(segmentsOf(press, series, [0, 2])).toHaveLength(1)
  })

  it('begin anew where the usage falls back', () => {
    const drill: AssetType = parseAssetType(
      {
        ...press,
        name: 'drill',
        window: { ...press.window, by: 'steps' },
        channels: [{ name: 'holes', label: 'Holes', unit: '1', role: 'usage', plausible: [0, 1e6] }],
        failureModes: [],
      },
      'drill.yaml',
    )
    const usage = [1, 2, 4, 5, 1, 2]
    const series = {
      device: 'd',
      times: Float64Array.from(usage, (_, i) => i),
      channels: [Float64Array.from(usage)],
      rul: null,
    }
    expect(segmentsOf(drill, series, [0]).map(({ slots }) => [...slots])).toEqual([
      [1, 2, 3, 4, 5],
      [1, 2],
    ])
  })

  it('hold a remaining life that goes on falling', () => {
    const series = { ...at([0, 1, 3]), rul: Float64Array.of(9, 8, 6) }
    expect([...segmentsOf(press, series, all)[0]!.rul!]).toEqual([9, 8, 7, 6])
  })

  it('end in the same windows that a stream is scored on', () => {
    const reading = fc.record({
      step: fc.integer({ min: 1, max: 5 }),
      holes: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
    })
    fc.assert(
      fc.property(
        fc.array(fc.tuple(reading, fc.integer({ min: 0, max: 9 })), { minLength: 1, maxLength: 60 }),
        (drawn) => {
          let now = 0
          const readings = drawn.map(([{ step, holes }, luck]) => {
            now += luck < 8 ? 1 : step
            return { now, holes: luck % 3 === 0 ? holes : [false, false, false] }
          })
          const holes = new Map(readings.map((r) => [r.now, r.holes]))
          const series = at(
            readings.map((r) => r.now),
            (m, c) => holes.get(m)![c]!,
          )
          expectSameWindows(series)
        },
      ),
    )
  })
})

function expectSameWindows(series: DeviceSeries) {
  const rows = new RowBuffer(shapeOf(press))
  const segments = segmentsOf(press, series, all)
  series.times.forEach((time, i) => {
    rows.insert(
      i,
      time,
      Float32Array.from(series.channels, (c) => c[i]!),
      Number.NaN,
    )
    const alignment = alignWindow(rows, i, new Slab())
    const segment = segments.find(({ times }) => times.includes(time))
    const upTo = segment ? segment.times.indexOf(time) + 1 : 0
    if (!('window' in alignment)) {
      expect(upTo).toBeLessThan(press.window.minimum)
      return
    }
    const { values, rows: count, channels } = alignment.window
    const row = (r: number) => [...values.subarray(r * channels, (r + 1) * channels)]
    let whole = 0
    while (whole < count && !row(count - 1 - whole).some(Number.isNaN)) whole += 1
    expect(whole).toBe(Math.min(upTo, press.window.length))
    for (let back = 0; back < whole; back++)
      expect(segment!.values.map((v) => Math.fround(v[upTo - 1 - back]!))).toEqual(row(count - 1 - back))
  })
}
