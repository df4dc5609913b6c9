import { expect, it } from 'vitest'
import { queueLook } from './queueLook.ts'

const three = { waiting: 3, active: 0, delayed: 0, failed: 0 }

it('gives the counts of a queue that answers', async () => {
  expect(await queueLook({ counts: async () => three })()).toEqual({ counts: three })
})

it('does not wait for a queue that is away, and gives its last counts', async () => {
  let away = false
  const look = queueLook({ counts: () => (away ? new Promise(() => {}) : Promise.resolve(three)) }, 20)
  await look()
  away = true
  expect(await look()).toEqual({ counts: three, problem: 'no answer within 20 ms' })
})

it('names the error of a queue that refuses', async () => {
  const look = queueLook({ counts: () => Promise.reject(new Error('connection closed')) })
  expect((await look()).problem).toBe('connection closed')
})
