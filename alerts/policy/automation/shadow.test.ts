import { expect, it } from 'vitest'
import { makeScore, now, pump } from '../../http/testing/fixtures.ts'
import { newAlarm } from '../alarm.ts'
import type { Decision } from '../decision.ts'
import { quietPlant } from '../plant.ts'
import { evidenceEvery, judge } from '../policy.ts'
import type { LevelOf } from './inShadow.ts'
import { shadowOutcome } from './shadow.ts'

const settings = { raiseAt: 0.5, clearBelow: 0.25, k: 2, n: 3 }
const horizon = (pump.horizon / pump.usage.perSlot) * pump.cadenceMs

/** Judges windows one after the other; what may be done can change in between. */
function life() {
  let alarm = newAlarm('pump-1')
  let slot = 0
  return {
    alarm: () => alarm,
    judge(probability: number, levelOf: LevelOf, mode = 'cavitation'): Decision {
      slot += 1
      const windowEnd = now - 1_000 * pump.cadenceMs + slot * pump.cadenceMs
      const score = makeScore({ windowEnd, failureProbability: probability, suspectedMode: mode })
      const judged = judge(alarm, score, pump, settings, 77, { ...quietPlant, levelOf })
      alarm = judged.alarm
      return judged.decision
    },
  }
}

it('raises in the shadow: nothing is sent, and the raise is remembered', () => {
  const { judge: next, alarm } = life()
  next(0.9, () => 'shadow')
  expect(next(0.9, () => 'shadow')).toEqual({ kind: 'hold', reason: 'shadow', detail: 'cavitation' })
  const { raisedAt } = alarm()
  expect(alarm()).toMatchObject({
    raised: true,
    shadow: true,
    shadowed: [{ at: raisedAt, mode: 'cavitation', decidedAt: 77 }],
  })
  for (let i = 0; i < 2 * evidenceEvery; i++) expect(next(0.9, () => 'shadow').prediction).toBeUndefined()
  expect(alarm().shadowed).toHaveLength(1)
})

it('opens the ticket of an alarm that stands once its kind has earned one', () => {
  const { judge: next, alarm } = life()
  next(0.9, () => 'shadow')
  next(0.9, () => 'shadow')
  const decisions = Array.from({ length: evidenceEvery }, () => next(0.9, () => 'suggest'))
  expect(decisions.at(-1)).toMatchObject({
    kind: 'update',
    prediction: { automation: 'suggest', raisedAt: alarm().raisedAt },
  })
  expect(alarm().shadow).toBe(false)
})

it('keeps an open ticket up to date where a new suspicion would open none', () => {
  const { judge: next } = life()
  const levelOf: LevelOf = (_type, mode) => (mode === 'cavitation' ? 'automatic' : 'shadow')
  next(0.9, levelOf)
  expect(next(0.9, levelOf)).toMatchObject({ kind: 'raise', prediction: { automation: 'automatic' } })
  next(0.9, levelOf, 'bearing_wear')
  expect(next(0.9, levelOf, 'bearing_wear')).toMatchObject({
    kind: 'update',
    prediction: { mode: 'bearing_wear', automation: 'suggest' },
  })
})

it('remembers at most twenty raises of a device', () => {
  const { judge: next, alarm } = life()
  for (let i = 0; i < 25; i++) for (const p of [0.9, 0.9, 0, 0, 0]) next(p, () => 'shadow')
  expect(alarm().shadowed).toHaveLength(20)
})

const raise = { at: 1_000, mode: 'cavitation', decidedAt: 5 }
const outcome = (
  kind: 'failed' | 'repaired' | 'replaced' | 'planned_stop',
  time: number,
  judgedUntil: number,
) => shadowOutcome(raise, { events: [{ kind, time }], judgedUntil }, pump)

it('was right where the device failed or was repaired within the horizon', () => {
  expect(outcome('failed', 1_000 + horizon, 0)).toEqual({ right: true, at: 5 })
  expect(outcome('repaired', 1_001, 0)).toEqual({ right: true, at: 5 })
})

it('was wrong where it lived through the horizon; a stop by plan says nothing', () => {
  expect(outcome('failed', 1_001 + horizon, 1_001 + horizon)).toEqual({ right: false, at: 5 })
  expect(outcome('planned_stop', 1_001, 1_001 + horizon)).toEqual({ right: false, at: 5 })
  expect(outcome('failed', 999, 1_001 + horizon)).toEqual({ right: false, at: 5 })
})

it('is not known while the horizon lasts, nor where another machine took its place', () => {
  expect(outcome('failed', 999, 1_000 + horizon)).toBeUndefined()
  expect(outcome('replaced', 1_001, 1_001 + horizon)).toBeUndefined()
})
