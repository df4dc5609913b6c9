import { describe, expect, it } from 'vitest'
import { type TicketState, ticketStates, transitions } from '../../../../../core/ticket.ts'
import { actionPlan } from '../../components/steps/actionPlan.ts'
import { eventLines, noteOf } from './eventDetail.ts'
import { foldMerges } from './foldMerges.ts'

const plan = (state: TicketState) => actionPlan(state, transitions[state])

describe('actionPlan', () => {
  it('offers exactly the transitions a planner has', () => {
    expect(plan('open').map((a) => a.action)).toEqual(['acknowledge', 'schedule', 'start', 'resolve'])
    expect(plan('resolved').map((a) => a.label)).toEqual(['Reopen', 'Close'])
    expect(plan('closed')).toEqual([])
    expect(plan('withdrawn')).toEqual([])
  })

  it('has one usual next step wherever there is a step', () => {
    for (const state of ticketStates) {
      const actions = plan(state)
      expect(actions.filter((a) => a.primary)).toHaveLength(actions.length > 0 ? 1 : 0)
    }
  })
})

describe('foldMerges', () => {
  const event = (kind: string, at: number) => ({ kind, at, actor: 'policy', detail: {} })

  it('makes one line of forecasts merged in a row and keeps everything else', () => {
    const history = [
      event('opened', 1),
      event('merged', 2),
      event('merged', 3),
      event('acknowledged', 4),
      event('merged', 5),
    ]
    expect(foldMerges(history).map(({ event: { kind, at }, count }) => [kind, at, count])).toEqual([
      ['opened', 1, 1],
      ['merged', 3, 2],
      ['acknowledged', 4, 1],
      ['merged', 5, 1],
    ])
  })
})

describe('eventLines', () => {
  const label = (mode: string) => `<${mode}>`

  it('words a verdict and a revision', () => {
    const resolved = { from: 'open', verdict: 'confirmed', verdictMode: 'seal_leak' }
    expect(eventLines({ kind: 'resolved', detail: resolved }, label)).toEqual([
      'Confirmed: the fault was there',
      '<seal_leak>',
    ])
    const revised = { formerMode: 'a', mode: 'b', failureProbability: 0.7, reason: 'mode_changed' }
    expect(eventLines({ kind: 'revised', detail: revised }, label)).toEqual([
      'From <a> to <b>',
      'Failure probability 70 %',
      'K of the last n windows agree on another failure mode',
    ])
  })

  it('says of a merged forecast only what is new', () => {
    const detail = { mode: 'a', failureProbability: 0.9, reason: 'fresh_evidence' }
    expect(eventLines({ kind: 'merged', detail }, label)).toEqual(['Failure probability 90 %'])
  })

  it('keeps the note apart', () => {
    expect(noteOf({ note: 'Belt was loose.' })).toBe('Belt was loose.')
    expect(noteOf({ note: '' })).toBeNull()
  })
})
