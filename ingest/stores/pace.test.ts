import { expect, it } from 'vitest'
import { ManualClock } from '../../core/clock.ts'
import { Pace } from './pace.ts'

it('rests four times as long as the work took, five seconds at the most, not at all once it is over', async () => {
  const clock = new ManualClock(0)
  const stop = new AbortController()
  const pace = new Pace(clock, stop.signal)
  const settled = () => new Promise((resolve) => setImmediate(resolve))
  const rested = async (workMs: number, restMs: number) => {
    let isDone = false
    const done = pace
      .run(async () => clock.advance(workMs))
      .then(() => {
        isDone = true
      })
    await settled()
    clock.advance(restMs - 1)
    await settled()
    expect(isDone).toBe(false)
    clock.advance(1)
    await done
  }
  await rested(100, 400)
  await rested(10_000, 5_000)
  stop.abort()
  expect(pace.isOver).toBe(true)
  expect(await pace.run(async () => clock.advance(100))).toBeUndefined()
})
