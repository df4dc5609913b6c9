import { expect, it } from 'vitest'
import { confirmed, highestRate } from './highestRate.ts'

const search = (limit: number, start: number, tried: number[] = []) =>
  highestRate({
    start,
    within: 1.1,
    lowest: 100,
    trial: async (rate) => {
      tried.push(rate)
      return rate
    },
    holds: (rate) => rate <= limit,
  })

it.each([
  [6_000, 1_000],
  [6_000, 50_000],
  [6_000, 6_000],
  [130, 8_000],
])('closes in on the limit %d from %d', async (limit, start) => {
  const { rate, tooMuch } = await search(limit, start)
  expect(rate).toBeLessThanOrEqual(limit)
  expect(tooMuch).toBeGreaterThan(limit)
  expect(tooMuch / rate).toBeLessThanOrEqual(1.1)
})

it('finds nothing where even the lowest rate does not hold', async () => {
  expect(await search(0, 1_000)).toEqual({ rate: 0, tooMuch: 125 })
})

it('doubles first and then tries the middle by ratio', async () => {
  const tried: number[] = []
  await search(3_000, 1_000, tried)
  expect(tried.slice(0, 4)).toEqual([1_000, 2_000, 4_000, 2_828])
})

it.each([
  [6_000, 6_000],
  [5_500, 5_455],
  [4_600, 4_508],
  [1_000, 2_103],
])(
  'goes down from a rate that does not hold for the whole time, down to a third at most',
  async (limit, last) => {
    const trial = async (rate: number) => rate
    expect(await confirmed(6_000, { within: 1.1, trial, holds: (rate) => rate <= limit })).toBe(last)
  },
)
