import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hourMs } from '../../../../core/series.ts'
import { TouchedHours } from './touchedHours.ts'

const always = () => Number.POSITIVE_INFINITY
const spans = (hours: TouchedHours, newest: () => number = always, now = 0, most = 1e9) =>
  hours.take(newest, now, most).map(({ device, from, to }) => [device, from / hourMs, to / hourMs])

describe('touched hours', () => {
  it('are given once they are complete by event time, each once', () => {
    const hours = new TouchedHours()
    for (const h of [0, 1, 2]) hours.touch('press', 'a', h * hourMs + 5, 0)
    expect(spans(hours, () => 2 * hourMs + 5)).toEqual([['a', 0, 2]])
    expect(spans(hours, () => 3 * hourMs - 1)).toEqual([])
    expect(spans(hours, () => 3 * hourMs)).toEqual([['a', 2, 3]])
    expect(spans(hours)).toEqual([])
  })

  it('are given again where they are touched again', () => {
    const hours = new TouchedHours()
    hours.touch('press', 'a', 5, 0)
    expect(spans(hours)).toEqual([['a', 0, 1]])
    hours.touch('press', 'a', 7, 0)
    expect(spans(hours)).toEqual([['a', 0, 1]])
  })

  it('are given unfinished where the device fell silent for an hour', () => {
    const hours = new TouchedHours()
    hours.touch('press', 'a', 5, 1_000)
    const newest = () => 5
    expect(spans(hours, newest, 1_000 + hourMs - 1)).toEqual([])
    expect(spans(hours, newest, 1_000 + hourMs)).toEqual([['a', 0, 1]])
  })

  it('are told as out of date until they are settled', () => {
    const hours = new TouchedHours()
    hours.touch('press', 'a', 5, 0)
    hours.touch('press', 'b', 5, 0)
    const told = () => hours.of('press', 'a').map(({ from, to }) => [from / hourMs, to / hourMs])
    expect(told()).toEqual([[0, 1]])
    hours.take(always, 0, 1)
    hours.touch('press', 'a', 3 * hourMs, 0)
    expect(told()).toEqual([
      [3, 4],
      [0, 1],
    ])
    hours.settle()
    expect(told()).toEqual([[3, 4]])
    expect(hours.of('fan', 'a')).toEqual([])
  })

  it('come in portions', () => {
    const hours = new TouchedHours()
    for (const device of ['a', 'b', 'c']) hours.touch('press', device, 5, 0)
    expect(spans(hours, always, 0, 2)).toHaveLength(2)
    expect(spans(hours, always, 0, 2)).toHaveLength(1)
  })

  it('never forget an hour, and hold no more than 64 spans a device', () => {
    const hourNumbers = fc.array(fc.integer({ min: -500, max: 500 }), { minLength: 1, maxLength: 300 })
    fc.assert(
      fc.property(hourNumbers, (numbers) => {
        const hours = new TouchedHours()
        for (const n of numbers) hours.touch('press', 'a', n * hourMs + 7, 0)
        const taken = spans(hours) as [string, number, number][]
        expect(taken.length).toBeLessThanOrEqual(64)
        for (const n of numbers) expect(taken.some(([, from, to]) => from <= n && n < to)).toBe(true)
        if (new Set(numbers).size <= 64)
          expect(taken.reduce((sum, [, from, to]) => sum + to - from, 0)).toBe(new Set(numbers).size)
      }),
    )
  })
})
