import { expect, it } from 'vitest'
import { createLimiter } from './limiter.ts'

it('runs no more than its size at once, in order, also past failures', async () => {
  const limit = createLimiter(2)
  let running = 0
  let most = 0
  const order: number[] = []
  const work = (i: number) =>
    limit(async () => {
      order.push(i)
      most = Math.max(most, ++running)
      await new Promise((resolve) => setTimeout(resolve, 1))
      running--
      if (i % 3 === 0) throw new Error(`number ${i}`)
      return i
    })
  const results = await Promise.allSettled(Array.from({ length: 20 }, (_, i) => work(i)))
  expect(most).toBe(2)
  expect(order).toEqual([...order].sort((a, b) => a - b))
  expect(results.filter((r) => r.status === 'rejected')).toHaveLength(7)
})
