import { expect, it } from 'vitest'
import { createLook } from './look.ts'

it('gives what a part that answers says', async () => {
  expect(await createLook(async () => 3, 0)()).toEqual({ value: 3 })
})

it('does not wait for a part that is away, and gives its last answer', async () => {
  let away = false
  const look = createLook(() => (away ? new Promise<number>(() => {}) : Promise.resolve(3)), 0, 20)
  await look()
  away = true
  expect(await look()).toEqual({ value: 3, problem: 'no answer within 20 ms' })
})

it('names the error of a part that refuses', async () => {
  const look = createLook(() => Promise.reject(new Error('connection closed')), 0)
  expect(await look()).toEqual({ value: 0, problem: 'connection closed' })
})
