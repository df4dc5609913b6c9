import { expect, it } from 'vitest'
import type { ReadingBatch } from '../../core/reading.ts'
import { Pace } from './pace.ts'

const batches = (readings: number) => [{ length: readings } as ReadingBatch]

it('reads more at once where few windows come of it, up to a bound', () => {
  const pace = new Pace()
  for (let i = 0; i < 10; i++)
    pace.took(batches(pace.readings), { windows: pace.readings / 1_000, states: 50, warmed: 0 })
  expect(pace.readings).toBe(20_000)
})

it('reads less at once where every reading makes a window', () => {
  const pace = new Pace()
  pace.took(batches(2_000), { windows: 2_000, states: 100, warmed: 0 })
  expect(pace.readings).toBe(500)
})

it('does not take a quiet moment for the rule', () => {
  const pace = new Pace()
  pace.took(batches(1), { windows: 1, states: 1, warmed: 0 })
  pace.took(batches(500), { windows: 0, states: 10, warmed: 0 })
  expect(pace.readings).toBe(1_000)
})

it('reads less at once where every reading is of another device', () => {
  const pace = new Pace()
  for (let i = 0; i < 10; i++)
    pace.took(batches(pace.readings), { windows: 0, states: pace.readings, warmed: 0 })
  expect(pace.readings).toBe(4_000)
})

it('does not ask the store for a few devices at a time', () => {
  const pace = new Pace()
  pace.took(batches(2_000), { windows: 2_000, states: 2_000, warmed: 1_500 })
  expect(pace.readings).toBe(4_000)
})
