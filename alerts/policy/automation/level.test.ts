import { describe, expect, it } from 'vitest'
import { nextLevel, type Outcome, standingOf } from './level.ts'

const rules = { promoteAt: 0.7, demoteAt: 0.5, least: 8 }
const outcomes = (right: number, wrong: number, at = 10): Outcome[] => [
  ...Array.from({ length: right }, () => ({ right: true, at })),
  ...Array.from({ length: wrong }, () => ({ right: false, at })),
]
const next = (level: 'shadow' | 'suggest' | 'automatic', right: number, wrong: number) =>
  nextLevel(level, standingOf(outcomes(right, wrong), 0), rules)?.level

describe('standing', () => {
  it('counts what came after the level was set, and of that the newest fifty', () => {
    expect(standingOf([...outcomes(30, 0, 5), ...outcomes(3, 4, 11)], 5)).toMatchObject({
      right: 3,
      wrong: 4,
    })
    expect(standingOf([...outcomes(30, 0, 6), ...outcomes(0, 50, 7)], 5)).toMatchObject({
      right: 0,
      wrong: 50,
    })
  })
})

describe('level', () => {
  it('stays while too little is known', () => {
    expect(next('shadow', 7, 0)).toBeUndefined()
    expect(next('automatic', 0, 7)).toBeUndefined()
  })

  it('goes one step at a time, and no further than there are steps', () => {
    expect(next('shadow', 8, 0)).toBe('suggest')
    expect(next('suggest', 8, 0)).toBe('automatic')
    expect(next('automatic', 8, 0)).toBeUndefined()
    expect(next('automatic', 0, 8)).toBe('suggest')
    expect(next('suggest', 0, 8)).toBe('shadow')
    expect(next('shadow', 0, 8)).toBeUndefined()
  })

  it('goes by the lower bound, not by the share', () => {
    // 8 of 10 are .8, surely more than .61 alone; of 40 of 50 surely more than .72
    expect(next('suggest', 8, 2)).toBeUndefined()
    expect(next('suggest', 40, 10)).toBe('automatic')
    expect(nextLevel('suggest', standingOf(outcomes(40, 10), 0), rules)!.reason).toBe(
      '40 of the last 50 were right: with 90 % confidence at least 72 %, which reaches 70 %',
    )
  })
})
