import { describe, expect, it } from 'vitest'
import type { Episode } from './episode.ts'
import { judgeFleet } from './judge.ts'

const hour = 3_600_000
const episode = (device: string, from: number, to: number, more: Partial<Episode> = {}): Episode => ({
  device,
  mode: 'cavitation',
  ordered: false,
  brokenAt: from * hour,
  failureAt: to * hour,
  outcome: 'failed',
  endedAt: to * hour,
  ...more,
})
const ticket = (device: string, at: number, mode = 'cavitation') => ({ device, mode, windowEnd: at * hour })

describe('the simulator as judge', () => {
  it('counts found, missed, false and repeated tickets, with lead times and the share of right modes', () => {
    const judgement = judgeFleet(
      [ticket('c', 70), ticket('a', 80), ticket('a', 85), ticket('b', 50, 'imbalance'), ticket('d', 5)],
      [
        episode('a', 10, 110),
        episode('b', 0, 100, { outcome: 'repaired', endedAt: 60 * hour }),
        episode('c', 100, 200),
        episode('e', 0, 300, { outcome: 'developing', endedAt: null }),
      ],
    )
    expect(judgement).toMatchObject({
      faults: 3,
      found: 2,
      missed: 1,
      falseAlarms: 2,
      pending: 1,
      rightModeShare: 0.5,
      leadTime: { p10: 32, median: 40 },
    })
    expect(judgement.tickets.map((t) => [t.device, t.verdict, t.lead])).toEqual([
      ['d', 'false', null],
      ['b', 'found', 50],
      ['c', 'false', null],
      ['a', 'found', 30],
      ['a', 'repeated', 25],
    ])
  })

  it('calls a ticket false before the first sign, after a repair and on another machine', () => {
    const repaired = episode('a', 10, 110, { outcome: 'repaired', endedAt: 60 * hour })
    for (const wrong of [ticket('a', 9), ticket('a', 60), ticket('b', 50)]) {
      expect(judgeFleet([wrong], [repaired])).toMatchObject({
        found: 0,
        falseAlarms: 1,
        missed: 0,
        faults: 0,
      })
    }
  })

  it('says nothing where nothing happened', () => {
    expect(judgeFleet([], [])).toMatchObject({
      faults: 0,
      leadTime: { p10: null, median: null },
      rightModeShare: null,
    })
  })
})
