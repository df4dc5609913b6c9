import { describe, expect, it } from 'vitest'
import type { StoredScore, Ticket } from '../../api/types.ts'
import { type Broken, ticketDelay, ticketOf } from './broken.ts'
import { joinScores } from './joinScores.ts'

const broken: Broken = {
  device: 'pump-1',
  mode: 'x',
  at: 1000,
  lastTicket: 4,
  costBefore: 0,
  repaired: false,
}
const ticket = (id: number, state: Ticket['state'], device = 'pump-1', openedAt = 15_000) =>
  ({ id, state, device, openedAt }) as Ticket

describe('ticketOf', () => {
  it('is the ticket opened since, whatever became of it', () => {
    const found = ticketOf([ticket(4, 'open'), ticket(7, 'resolved'), ticket(8, 'open', 'pump-2')], broken)
    expect(found?.id).toBe(7)
    expect(ticketDelay(found!, broken)).toBe(14_000)
  })

  it('is else the one that was open before, which took no time', () => {
    const found = ticketOf([ticket(3, 'closed'), ticket(4, 'open')], broken)
    expect(found?.id).toBe(4)
    expect(ticketDelay(found!, broken)).toBeNull()
  })

  it('is none while there is none', () => {
    expect(ticketOf([ticket(3, 'closed'), ticket(9, 'open', 'pump-2')], broken)).toBeUndefined()
  })
})

describe('joinScores', () => {
  const score = (windowEnd: number, failureProbability: number) =>
    ({ windowEnd, failureProbability }) as StoredScore

  it('has each window once, oldest first, over the newest span', () => {
    const joined = joinScores([score(10, 1), score(20, 1), score(30, 1)], [score(30, 2), score(40, 2)], 20)
    expect(joined.map((s) => [s.windowEnd, s.failureProbability])).toEqual([
      [20, 1],
      [30, 2],
      [40, 2],
    ])
  })
})
