import { describe, expect, it } from 'vitest'
import { HeldValues } from './heldValues.ts'
import { memoryState } from './state.ts'
import { catalogue } from './testing.ts'

const place = { site: 'north', assetType: 'pump', device: 'p1' }
const open = (kept = new Map<string, unknown>()) => new HeldValues(catalogue, memoryState(kept))
const at = (held: HeldValues, time: number, maxAge = Number.POSITIVE_INFINITY) => {
  const values = new Float64Array(6).fill(Number.NaN)
  held.fill(place, time, maxAge, values)
  return [...values.subarray(0, 2)]
}

describe('held values', () => {
  it('are those that held at the time, also when newer ones are known', () => {
    const held = open()
    for (const [time, value] of [
      [100, 1],
      [300, 3],
      [200, 2],
      [300, 3.5],
    ] as const)
      held.record(place, 0, time, value)
    expect([50, 100, 250, 300, 1e9].map((time) => at(held, time)[0])).toEqual([Number.NaN, 1, 2, 3.5, 3.5])
  })

  it('can be learnt anew in order after a refusal, though all that is remembered is newer', () => {
    const held = open()
    for (let time = 100; time < 140; time++) held.record(place, 0, time, time)
    held.record(place, 0, 50, 5)
    expect(at(held, 60)[0]).toBe(5)
  })

  it('are kept as they were when a reading was begun, where a backlog has pushed them out meanwhile', () => {
    const held = open()
    held.record(place, 0, 100, 1)
    const earlier = Float64Array.of(...at(held, 100), 0, 0, 0, 0)
    for (let time = 200; time < 240; time++) held.record(place, 0, time, time)
    expect(at(held, 100)[0]).toBeNaN()
    const values = new Float64Array(6).fill(Number.NaN)
    held.fill(place, 100, Number.POSITIVE_INFINITY, values, earlier)
    expect(values[0]).toBe(1)
  })

  it('grow old, and end where a value became unknown', () => {
    const held = open()
    held.record(place, 0, 100, 1)
    held.record(place, 1, 100, 5)
    held.record(place, 1, 200, Number.NaN)
    expect(at(held, 150, 50)).toEqual([1, 5])
    expect(at(held, 151, 50)).toEqual([Number.NaN, Number.NaN])
    expect(at(held, 250)).toEqual([1, Number.NaN])
  })

  it('do not replace what a reading has', () => {
    const held = open()
    held.record(place, 0, 1, 7)
    const values = Float64Array.of(3, Number.NaN, 0, 0, 0, 0)
    held.fill(place, 2, 10, values)
    expect([...values]).toEqual([3, Number.NaN, 0, 0, 0, 0])
  })

  it('are as they were after a restart, and gone once forgotten', async () => {
    const kept = new Map<string, unknown>()
    const held = open(kept)
    for (let time = 0; time < 50; time++) held.record(place, 0, time, time)
    held.record(place, 1, 49, Number.NaN)
    await held.save('p1')
    expect(at(open(kept), 48)).toEqual([48, Number.NaN])
    expect(at(open(kept), 10)).toEqual([Number.NaN, Number.NaN])
    held.forget('p1')
    await held.save('p1')
    expect(kept.size).toBe(0)
  })

  it('know no channel that the catalogue lost', async () => {
    const kept = new Map<string, unknown>([
      ['held/p1', { assetType: 'pump', channels: { gone: [[1, 1]], vibration: [[1, 2]] } }],
      ['held/p2', { assetType: 'gone', channels: {} }],
    ])
    expect(at(open(kept), 2)).toEqual([2, Number.NaN])
  })
})
