import { expect, it } from 'vitest'
import { ForewarnError } from '../core/errors.ts'
import { untilAccepted } from './untilAccepted.ts'

const away = () => new ForewarnError('STORE_UNAVAILABLE', { problem: 'away' })

it('waits longer and longer for a store that is away, and goes on when it is back', async () => {
  const waits: number[] = []
  const clock = { sleep: async (ms: number) => void waits.push(ms) }
  let calls = 0
  const work = async () => {
    if (++calls < 8) throw away()
    return 'written'
  }
  expect(await untilAccepted(work, clock, new AbortController().signal)).toBe('written')
  expect(waits).toEqual([250, 500, 1_000, 2_000, 4_000, 5_000, 5_000])
})

it('gives up at once on what waiting does not mend, and on the way out', async () => {
  const clock = { sleep: async () => {} }
  const refusing = new ForewarnError('STORE_MISCONFIGURED', { problem: 'no' })
  const open = new AbortController().signal
  await expect(untilAccepted(() => Promise.reject(refusing), clock, open)).rejects.toBe(refusing)
  const stopping = AbortSignal.abort()
  await expect(untilAccepted(() => Promise.reject(away()), clock, stopping)).rejects.toThrow(/away/)
})
