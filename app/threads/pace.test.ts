import { expect, it } from 'vitest'
import type { ReadingBatch } from '../../core/reading.ts'
import { Pace } from './pace.ts'

const batches = (readings: number) => [{ length: readings } as ReadingBatch]

it('reads more at once where few windows come of it, up to a bound', () => {
  const pace = new Pace()
  for (let i = 0; i < 10; i++) pace.took(batches(pace.readings), pace.readings / 1_000, 50)
  expect(pace.readings).toBe(20_000)
})

it('reads less at once where every reading makes a window', () => {
  const pace = new Pace()
  pace.took(batches(2_000), 2_000, 100)
  expect(pace.readings).toBe(500)
})

it('does not take a quiet moment for the rule', () => {
  const pace = new Pace()
  pace.took(batches(1), 1, 1)
  pace.took(batches(500), 0, 10)
  expect(pace.readings).toBe(1_000)
})

it('reads less at once where every reading is of another device', () => {
  const pace = new Pace()
  for (let i = 0; i < 10; i++) pace.took(batches(pace.readings), 0, pace.readings)
  expect(pace.readings).toBe(4_000)
})
