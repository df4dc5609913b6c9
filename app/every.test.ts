import { expect, it } from 'vitest'
import { ManualClock } from '../core/clock.ts'
import { every } from './every.ts'

const settled = () => new Promise((done) => setImmediate(done))

it('goes on after a round that failed, and ends when it is stopped', async () => {
  const clock = new ManualClock(0)
  const errors: unknown[] = []
  let rounds = 0
  const work = () => {
    rounds++
    if (rounds === 1) throw new Error('first')
    if (rounds === 2) throw new Error('second')
  }
  const ticking = every(10, work, clock, (error) => errors.push(error))
  for (let i = 0; i < 3; i++) {
    clock.advance(10)
    await settled()
  }
  await ticking.stop()
  clock.advance(10)
  await settled()
  expect(rounds).toBe(3)
  expect(errors).toEqual([new Error('first')])
})

it('lets no round begin while one is under way, and waits for it at the end', async () => {
  const clock = new ManualClock(0)
  let release = () => {}
  let begun = 0
  const ticking = every(
    10,
    () => {
      begun++
      return new Promise<void>((resolve) => {
        release = resolve
      })
    },
    clock,
  )
  for (let i = 0; i < 3; i++) {
    clock.advance(10)
    await settled()
  }
  let stopped = false
  const stopping = ticking.stop().then(() => {
    stopped = true
  })
  await settled()
  expect({ begun, stopped }).toEqual({ begun: 1, stopped: false })
  release()
  await stopping
})
