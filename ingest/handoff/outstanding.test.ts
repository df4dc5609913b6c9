import { beforeEach, describe, expect, it } from 'vitest'
import { Outstanding } from './outstanding.ts'

describe('what is on its way to the score processes', () => {
  let outstanding: Outstanding
  beforeEach(() => {
    outstanding = new Outstanding(2)
    outstanding.add(0, { from: 0, position: 10, readings: 5 })
    outstanding.add(1, { from: 0, position: 10, readings: 3 })
    outstanding.add(0, { from: 10, position: 20, readings: 4 })
  })

  it('is done with the log only where every partition is', () => {
    expect(outstanding.doneUntil(20)).toBe(0)
    outstanding.scoredUntil(0, 20)
    expect(outstanding.doneUntil(20)).toBe(0)
    outstanding.scoredUntil(1, 10)
    expect(outstanding.doneUntil(20)).toBe(20)
    expect(outstanding.readings()).toBe(0)
  })

  it('is done with what lies before the first part that is not scored, whatever the other partition says', () => {
    outstanding.scoredUntil(0, 10)
    outstanding.scoredUntil(1, 10)
    expect(outstanding.doneUntil(20)).toBe(10)
  })

  it('sends again from before the first lost part, and keeps what is still in the stream', () => {
    expect(outstanding.lostBeyond(0, 20)).toBeUndefined()
    expect(outstanding.lostBeyond(0, 10)).toBe(10)
    expect(outstanding.lostBeyond(1, 0)).toBe(0)
    expect(outstanding.readings()).toBe(5)
  })

  it('counts a part that is sent again once', () => {
    outstanding.add(0, { from: 10, position: 20, readings: 4 })
    outstanding.add(0, { from: 5, position: 15, readings: 4 })
    expect(outstanding.readings()).toBe(12)
  })
})
