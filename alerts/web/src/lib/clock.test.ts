import { afterEach, expect, it } from 'vitest'
import { followServer, onServerTime, serverNow } from './clock.ts'

const day = 86_400_000

afterEach(() => followServer(0, 0))

it('takes the time of a server that lives on another day, and says when that changes', () => {
  let told = 0
  const stop = onServerTime(() => told++)
  followServer(Date.now() - 364 * day, Date.now())
  expect(Math.abs(serverNow() - (Date.now() - 364 * day))).toBeLessThan(1000)
  expect(told).toBe(1)
  stop()
  followServer(Date.now(), Date.now())
  expect(told).toBe(1)
})

it('keeps its own clock where the two differ by a minute', () => {
  followServer(Date.now() + 60_000, Date.now())
  expect(serverNow() - Date.now()).toBeLessThan(1000)
})
