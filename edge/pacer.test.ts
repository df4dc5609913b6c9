import { describe, expect, it } from 'vitest'
import { ManualClock } from '../core/clock.ts'
import { createPacer, untilPast } from './pacer.ts'

const never = new AbortController().signal
/** Lets everything run that waits for nothing but a turn of the event loop. */
const settle = () => new Promise((resolve) => setImmediate(resolve))

function count(clock: ManualClock, perSecond: number, signal = never) {
  const pacer = createPacer(clock, perSecond)
  const seen = { turns: 0 }
  void (async () => {
    while (!signal.aborted && seen.turns < 1_000_000) {
      await pacer.turn(signal)
      seen.turns++
    }
  })()
  return seen
}

async function run(clock: ManualClock, ms: number, step: number) {
  for (let gone = 0; gone < ms; gone += step) {
    clock.advance(step)
    await settle()
  }
}

describe('pacer', () => {
  it('gives the turns asked for per second', async () => {
    const clock = new ManualClock(0)
    const stop = new AbortController()
    const seen = count(clock, 50, stop.signal)
    await settle()
    await run(clock, 4000, 5)
    expect(seen.turns).toBeGreaterThanOrEqual(199)
    expect(seen.turns).toBeLessThanOrEqual(202)
    stop.abort()
  })

  it('catches up at most one second after a stall', async () => {
    const clock = new ManualClock(0)
    const stop = new AbortController()
    const seen = count(clock, 100, stop.signal)
    await settle()
    clock.advance(60_000)
    await settle()
    expect(seen.turns).toBeGreaterThan(90)
    expect(seen.turns).toBeLessThan(110)
    stop.abort()
  })
})

describe('untilPast', () => {
  it('lets a past time through and holds a future one until the clock is there', async () => {
    const clock = new ManualClock(1000)
    await untilPast(1000, clock, never)
    let passed = false
    void untilPast(1500, clock, never).then(() => {
      passed = true
    })
    clock.advance(499)
    await settle()
    expect(passed).toBe(false)
    clock.advance(1)
    await settle()
    expect(passed).toBe(true)
  })

  it('gives up when told to stop', async () => {
    const stop = new AbortController()
    const waiting = untilPast(9999, new ManualClock(0), stop.signal)
    stop.abort()
    await waiting
    expect(stop.signal.aborted).toBe(true)
  })
})
