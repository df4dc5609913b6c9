import { expect, it } from 'vitest'
import { ManualClock } from '../../core/clock.ts'
import { ForewarnError } from '../../core/errors.ts'
import { watchStore } from './watch.ts'
import type { WriterState } from './writer.ts'

it('tells the state of a store that nobody writes to, every five seconds, until it is stopped', async () => {
  const clock = new ManualClock(0)
  const stop = new AbortController()
  const states: WriterState[] = []
  const looks: (Error | undefined)[] = [
    new ForewarnError('STORE_UNAVAILABLE', { problem: 'refused' }),
    new ForewarnError('STORE_MISCONFIGURED', { problem: 'wrong token' }),
    undefined,
  ]
  const look = async () => {
    const error = looks.shift()
    if (error) throw error
  }
  const watching = watchStore({
    store: { look },
    clock,
    onState: (state) => states.push(state),
    signal: stop.signal,
  })
  const settled = () => new Promise((resolve) => setImmediate(resolve))
  await settled()
  for (let i = 0; i < 2; i++) {
    clock.advance(4_999)
    await settled()
    expect(states).toHaveLength(i + 1)
    clock.advance(1)
    await settled()
  }
  expect(states).toEqual(['retrying', 'stopped', 'ok'])
  stop.abort()
  await watching
})
