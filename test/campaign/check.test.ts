import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../core/config.ts'
import { alarmedDevices, check, type Findings, isClean } from './check.ts'
import { Journal, type Sent } from './journal.ts'

const { policy } = parseConfig({})

const message = (device: string, time: number, vibration = 1): Sent => ({
  topic: `forewarn/north/pump/${device}/telemetry`,
  payload: `${device} ${time}`,
  readings: [{ device, time, vibration }],
})
const unreadable: Sent = { topic: 'forewarn/x', payload: '{', readings: [], isUnreadable: true }

/** Three readings and an unreadable message, all acknowledged. */
function journal(): Journal {
  const kept = new Journal()
  for (const one of [message('P-1', 1), message('P-1', 2), message('P-2', 1), unreadable]) {
    kept.noteSent(one)
    kept.noteAcknowledged(one)
  }
  return kept
}

const scoresOf = (device: string, probabilities: readonly number[]) =>
  probabilities.map((failureProbability, i) => ({ device, windowEnd: i, failureProbability }))

/** What an installation holds that has done everything right. */
const right: Findings = {
  stored: [...message('P-1', 1).readings, ...message('P-1', 2).readings, ...message('P-2', 1).readings],
  letters: [unreadable],
  scores: [...scoresOf('P-1', [0.1, 0.6, 0.6, 0.1, 0.6]), ...scoresOf('P-2', [0.1, 0.6, 0.6, 0.1, 0.1])],
  tickets: [{ device: 'P-1', mode: 'imbalance', isOpen: true, opened: 1 }],
}
const failed = new Map([['P-1', 'imbalance']])
const verdictOf = (change: Partial<Findings>) => check(journal(), { ...right, ...change }, failed, policy)

describe('the account of a round', () => {
  it('is clean where every acknowledged reading is stored once and the tickets are those of the scores', () => {
    expect(isClean(verdictOf({}))).toBe(true)
  })

  it('finds a reading that is lost', () => {
    expect(verdictOf({ stored: right.stored.slice(1) }).lost).toEqual(['P-1 1'])
  })

  it('takes a dead letter of its message for kept', () => {
    const letters = [...right.letters, message('P-1', 1)]
    expect(isClean(verdictOf({ stored: right.stored.slice(1), letters }))).toBe(true)
  })

  it('finds an unreadable message that left no dead letter', () => {
    expect(verdictOf({ letters: [] }).lost).toEqual(['forewarn/x {'])
  })

  it('misses nothing that was sent, but never acknowledged', () => {
    const kept = journal()
    kept.noteSent(message('P-3', 1))
    expect(isClean(check(kept, right, failed, policy))).toBe(true)
  })

  it('finds a reading and a score that are doubled', () => {
    expect(verdictOf({ stored: [...right.stored, right.stored[0]!] }).doubled).toEqual(['P-1 1'])
    expect(verdictOf({ scores: [...right.scores, right.scores[0]!] }).doubled).toEqual(['score of P-1 0'])
  })

  it('finds a value that is not what was sent, and a reading that nobody sent', () => {
    const changed = [{ ...right.stored[0]!, vibration: 2 }, ...right.stored.slice(1)]
    expect(verdictOf({ stored: changed }).wrong).toEqual(['P-1 1 is 2, 1 was sent'])
    const invented = [...right.stored, { device: 'P-9', time: 1, vibration: 1 }]
    expect(verdictOf({ stored: invented }).wrong).toEqual(['P-9 1 was never sent'])
  })

  it.each([
    ['a missing ticket', [], 'P-1 has 0 open tickets instead of 1'],
    ['a second ticket', [right.tickets[0]!, right.tickets[0]!], 'P-1 has 2 open tickets instead of 1'],
    [
      'one that was opened twice',
      [{ ...right.tickets[0]!, opened: 2 }],
      'the ticket of P-1 was opened 2 times',
    ],
    [
      'a wrong mode',
      [{ ...right.tickets[0]!, mode: 'wear' }],
      'the ticket of P-1 says wear, it is imbalance',
    ],
    [
      'a ticket without a reason',
      [right.tickets[0]!, { ...right.tickets[0]!, device: 'P-2' }],
      'P-2 has a ticket that no score justifies',
    ],
  ])('finds %s', (_, tickets, problem) => {
    expect(verdictOf({ tickets }).tickets).toEqual([problem])
  })

  it('finds a machine that failed without any alarm', () => {
    const scores = right.scores.filter(({ device }) => device !== 'P-1')
    expect(verdictOf({ scores, tickets: [] }).tickets).toEqual(['P-1 failed, and no score raised an alarm'])
  })
})

it('counts k of the last n windows in order of time, device by device', () => {
  const scores = scoresOf('P-1', [0.5, 0.5, 0, 0.5])
  expect(alarmedDevices(scores.toReversed(), policy)).toEqual(new Set(['P-1']))
  expect(alarmedDevices(scoresOf('P-1', [0.5, 0.5, 0, 0, 0.5, 0]), policy)).toEqual(new Set())
})
