import { describe, expect, it } from 'vitest'
import type { DeviceAlarm } from '../../core/ports.ts'
import { makeTicket, now } from '../http/testing/fixtures.ts'
import { newAlarm } from './alarm.ts'
import { extendTrail } from './trail.ts'
import { explainWhy, reasonWords, type WhyFacts } from './why.ts'

const judged: DeviceAlarm = { ...newAlarm('pump-1'), recent: [false, true, true, false], judgedUntil: now }
const raised: DeviceAlarm = { ...judged, raised: true, raisedAt: now, mode: 'cavitation' }

const facts = (changes: Partial<WhyFacts> = {}): WhyFacts => ({
  device: 'pump-1',
  alarm: judged,
  settings: { raiseAt: 0.5, clearBelow: 0.25, k: 3, n: 4 },
  notScored: null,
  openTicket: null,
  finished: null,
  mutes: [],
  parent: null,
  ...changes,
})
const decided = (reason: 're_baselining' | 'inhibited_by_parent', changes: Partial<DeviceAlarm> = {}) => ({
  ...judged,
  ...changes,
  trail: extendTrail(undefined, { kind: 'hold', reason }, now),
})
const silent = { words: 'no reading has come for a while', since: now }
const maintenance = { kind: 'maintenance', from: now, until: now + 3_600_000, reason: 'belt change' } as const

describe('why there is no ticket', () => {
  it.each<[string, Partial<WhyFacts>, string]>([
    [
      'there is one',
      { openTicket: makeTicket({ id: 17, state: 'in_progress' }), notScored: silent },
      'There is one: ticket 17 (bearing wear) is in progress.',
    ],
    [
      'too few windows',
      {},
      'Because only 2 of its last 4 scored windows reached a failure probability of 50 %; 3 of 4 raise an alarm.',
    ],
    [
      'none at all',
      { alarm: { ...judged, recent: [false] } },
      'Because none of its one scored window reached a failure probability of 50 %; 3 of 4 raise an alarm.',
    ],
    ['nothing judged', { alarm: undefined }, 'Because no scored window of it has been judged yet.'],
    [
      'nothing judged since its repair',
      { alarm: { ...newAlarm('pump-1'), renewedAt: now } },
      'Because no scored window of it has been judged since it was installed, repaired or replaced.',
    ],
    [
      'not scored',
      { notScored: silent },
      'Because it is not scored since 2026-01-10 00:00 UTC: no reading has come for a while; that neither raises nor clears an alarm.',
    ],
    [
      'muted',
      { mutes: [maintenance] },
      'Because it is muted by maintenance (belt change) until 2026-01-10 01:00 UTC: its windows count neither for nor against.',
    ],
    [
      'a planned stop',
      { mutes: [{ ...maintenance, kind: 'planned_stop', reason: '' }] },
      'Because it is muted by a planned stop until 2026-01-10 01:00 UTC: its windows count neither for nor against.',
    ],
    [
      're-baselining',
      { alarm: decided('re_baselining', { renewedAt: now }) },
      'Because it was installed, repaired or replaced at 2026-01-10 00:00 UTC and its windows still hold readings from before; it is judged again once they hold none.',
    ],
    [
      'its parent',
      { alarm: decided('inhibited_by_parent'), parent: { device: 'motor-1', mode: 'bearing_wear' } },
      'Because the alarm of motor-1 (bearing wear), which it hangs on, stands and is taken for the cause.',
    ],
    [
      'a prediction under way',
      { alarm: raised, notScored: silent },
      'Because its alarm was raised at 2026-01-10 00:00 UTC and the prediction is still on its way to a ticket.',
    ],
    [
      'a ticket of the same alarm that is finished',
      { alarm: raised, finished: makeTicket({ id: 12, state: 'resolved', verdict: 'false_alarm' }) },
      'Because ticket 12 of the same alarm was resolved as false alarm: the alarm of 2026-01-10 00:00 UTC opens no second one, the next alarm does.',
    ],
  ])('%s', (_, changes, sentence) => {
    expect(explainWhy(facts(changes))).toBe(sentence)
  })

  it('has words for a reason that only a newer version knows', () => {
    expect(reasonWords('muted')).toContain('neither for nor against')
    expect(reasonWords('by_moonlight')).toBe('by_moonlight')
  })
})
