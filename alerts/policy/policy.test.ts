import { describe, expect, it } from 'vitest'
import type { DeviceAlarm } from '../../core/ports.ts'
import type { Score } from '../../core/score.ts'
import { makeScore, now, pump } from '../http/testing/fixtures.ts'
import { newAlarm, resetAlarm, stopDevice } from './alarm.ts'
import type { Decision } from './decision.ts'
import { decisionReasons } from './decision.ts'
import { indexMaintenance, quietPlant } from './plant.ts'
import { evidenceEvery, judge } from './policy.ts'
import type { PolicySettings } from './settings.ts'

const settings: PolicySettings = { raiseAt: 0.5, clearBelow: 0.25, k: 3, n: 4 }

/** A pump's life in windows: each row is a failure probability, the decision it has to bring, and the mode suspected. */
type Row = [probability: number, expected: `${Decision['kind']} ${string}`, mode?: string]

/** Plays the rows ten minutes apart, checks each decision, and gives back what is remembered and what was sent. */
function story(rows: readonly Row[], start?: DeviceAlarm, gapMs = pump.cadenceMs) {
  let alarm = start
  const sent: NonNullable<Decision['prediction']>[] = []
  const told = rows.map(([failureProbability, , suspectedMode = 'bearing_wear']) => {
    const windowEnd = (alarm?.judgedUntil || now) + gapMs
    const score = makeScore({ failureProbability, suspectedMode, windowEnd })
    const judgement = judge(alarm, score, pump, settings, now)
    alarm = judgement.alarm
    if (judgement.decision.prediction) sent.push(judgement.decision.prediction)
    return `${judgement.decision.kind} ${judgement.decision.reason}`
  })
  expect(told).toEqual(rows.map(([, expected]) => expected))
  return { alarm: alarm!, sent }
}

const raising: Row[] = [
  [0.9, 'hold not_persistent'],
  [0.9, 'hold not_persistent'],
  [0.9, 'raise persistent'],
]

describe('raising', () => {
  it('takes k windows over the threshold, and raises once', () => {
    story([
      [0.1, 'hold below_threshold'],
      [0.6, 'hold not_persistent'],
      [0.6, 'hold not_persistent'],
      [0.7, 'raise persistent'],
      [0.9, 'hold still_raised'],
    ])
  })

  it('forgives one quiet window among n', () => {
    story([
      [0.6, 'hold not_persistent'],
      [0.6, 'hold not_persistent'],
      [0.1, 'hold below_threshold'],
      [0.6, 'raise persistent'],
    ])
  })

  it('never comes of flapping: over in every second window is two of four', () => {
    const flap: Row[] = [
      [0.95, 'hold not_persistent'],
      [0.05, 'hold below_threshold'],
    ]
    story(Array.from({ length: 20 }, () => flap).flat())
  })

  it('counts the threshold itself as over', () => {
    story([
      [0.5, 'hold not_persistent'],
      [0.5, 'hold not_persistent'],
      [0.5, 'raise persistent'],
    ])
  })

  it('counts scored windows, not time: a gap of three days between them changes nothing', () => {
    const { alarm } = story([
      [0.6, 'hold not_persistent'],
      [0.6, 'hold not_persistent'],
    ])
    story([[0.6, 'raise persistent']], alarm, 3 * 86_400_000)
  })

  it('suspects the mode that most of the alarming windows suspect, not the last one', () => {
    const { sent, alarm } = story([
      [0.1, 'hold below_threshold', 'cavitation'],
      [0.6, 'hold not_persistent', 'bearing_wear'],
      [0.6, 'hold not_persistent', 'bearing_wear'],
      [0.6, 'raise persistent', 'cavitation'],
    ])
    expect(sent[0]!.mode).toBe('bearing_wear')
    expect(alarm.mode).toBe('bearing_wear')
  })

  it('calls a mode unknown that the catalogue does not know', () => {
    const { sent } = story(raising.map(([p, expected]) => [p, expected, 'gremlins']))
    expect(sent[0]!.mode).toBe('unknown')
  })
})

describe('hysteresis', () => {
  it('keeps the alarm between the thresholds, however long', () => {
    const between: Row[] = [
      [0.4, 'hold calming'],
      [0.3, 'hold calming'],
    ]
    const { alarm } = story([...raising, ...between, ...between])
    expect(alarm.raised).toBe(true)
  })

  it('clears after n calm windows in a row and can raise anew, as another episode', () => {
    const { alarm, sent } = story([
      ...raising,
      [0.2, 'hold calming'],
      [0.2, 'hold calming'],
      [0.2, 'hold calming'],
      [0.3, 'hold calming'],
      [0.2, 'hold calming'],
      [0.2, 'hold calming'],
      [0.1, 'hold calming'],
      [0.1, 'clear all_calm'],
      [0.1, 'hold below_threshold'],
      ...raising,
    ])
    expect(alarm.raised).toBe(true)
    expect(sent.map((p) => p.reason)).toEqual(['persistent', 'persistent'])
    expect(new Set(sent.map((p) => p.raisedAt)).size).toBe(2)
    expect(new Set(sent.map((p) => p.id)).size).toBe(2)
  })

  it('does not take clearBelow itself for calm', () => {
    const edge: Row[] = Array.from({ length: 5 }, (): Row => [0.25, 'hold calming'])
    const { alarm } = story([...raising, ...edge])
    expect(alarm.raised).toBe(true)
  })
})

describe('while the alarm stands', () => {
  const standing = (count: number): Row[] =>
    Array.from({ length: count }, (): Row => [0.9, 'hold still_raised'])

  it('sends fresh evidence every few windows, of the same episode', () => {
    const { sent } = story([
      ...raising,
      ...standing(evidenceEvery - 1),
      [0.95, 'update fresh_evidence'],
      ...standing(evidenceEvery - 1),
      [0.97, 'update fresh_evidence'],
    ])
    expect(sent.map((p) => p.failureProbability)).toEqual([0.9, 0.95, 0.97])
    expect(new Set(sent.map((p) => p.raisedAt)).size).toBe(1)
    expect(sent[0]!.raisedAt).toBe(sent[0]!.windowEnd)
  })

  it('waits with fresh evidence for a window that argues for the alarm', () => {
    story([
      ...raising,
      ...standing(evidenceEvery - 1),
      [0.1, 'hold calming'],
      [0.1, 'hold calming'],
      [0.4, 'update fresh_evidence'],
    ])
  })

  it('revises the mode when k of n windows agree on another one, and only then', () => {
    const { sent, alarm } = story([
      ...raising,
      [0.9, 'hold still_raised', 'cavitation'],
      [0.9, 'hold still_raised', 'cavitation'],
      [0.9, 'update mode_changed', 'cavitation'],
      [0.9, 'hold still_raised', 'cavitation'],
    ])
    expect(sent.map((p) => p.mode)).toEqual(['bearing_wear', 'cavitation'])
    expect(alarm.mode).toBe('cavitation')
  })

  it('does not give a known mode up for an unknown one', () => {
    const blank: Row[] = Array.from({ length: evidenceEvery - 1 }, () => [
      0.9,
      'hold still_raised',
      'unknown',
    ])
    const { sent } = story([...raising, ...blank, [0.9, 'update fresh_evidence', 'unknown']])
    expect(sent[1]!.mode).toBe('bearing_wear')
  })

  it('does not let calm windows vote on the mode', () => {
    story([
      ...raising,
      [0.1, 'hold calming', 'cavitation'],
      [0.1, 'hold calming', 'cavitation'],
      [0.1, 'hold calming', 'cavitation'],
      [0.1, 'clear all_calm', 'cavitation'],
    ])
  })
})

describe('what is not judged', () => {
  const judgeOne = (alarm: DeviceAlarm | undefined, score: Score) => judge(alarm, score, pump, settings, now)

  it('a window judged before: the memory stays the very same', () => {
    const { alarm } = story(raising)
    const again = judgeOne(alarm, makeScore({ windowEnd: alarm.judgedUntil, failureProbability: 0.9 }))
    expect(again.decision).toEqual({ kind: 'hold', reason: 'already_judged' })
    expect(again.alarm).toBe(alarm)
  })

  it('challengers and scores of the edge: they are compared, never acted on', () => {
    for (const role of ['challenger', 'edge'] as const) {
      const { decision, alarm } = judgeOne(undefined, makeScore({ role, failureProbability: 1 }))
      expect(decision).toEqual({ kind: 'hold', reason: 'not_champion' })
      expect(alarm).toEqual(newAlarm('pump-1'))
    }
  })
})

describe('a machine that is worked on', () => {
  const hour = 6 * pump.cadenceMs
  const work = {
    id: 3,
    scope: 'site',
    of: 'north',
    from: 0,
    to: 0,
    reason: 'belt change',
    actor: 'Ines',
  } as const
  const mute = (from: number, to: number) => indexMaintenance([{ ...work, from, to, endedBy: null }])

  it('is muted: its windows count neither for nor against, and an alarm that stood stands', () => {
    const { alarm: before } = story(raising)
    const until = before.judgedUntil + 2 * hour
    const plant = { ...quietPlant, maintenance: mute(before.judgedUntil, until) }
    let alarm = before
    for (let i = 0; i < 11; i++) {
      const score = makeScore({ windowEnd: alarm.judgedUntil + pump.cadenceMs, failureProbability: 0.01 })
      const judged = judge(alarm, score, pump, settings, now, plant)
      expect(judged.decision).toMatchObject({
        kind: 'hold',
        reason: 'muted',
        detail: 'maintenance 3: belt change',
      })
      alarm = judged.alarm
    }
    const { judgedUntil: _, trail: _trail, ...memory } = alarm
    expect(before).toMatchObject(memory)
    story([[0.9, 'hold still_raised']], alarm)
  })

  it('a planned stop mutes for its time, from one side of it to the other', () => {
    const { alarm } = story(raising.slice(0, 2))
    const stopped = stopDevice(alarm, alarm.judgedUntil + 1, 3 * pump.cadenceMs)
    const muted = raising.map((): Row => [0.9, 'hold muted'])
    story([...muted, [0.9, 'raise persistent']], stopped)
  })

  it('a repair ends the stop, whichever of the two is told first', () => {
    const stop = (alarm: DeviceAlarm) => stopDevice(alarm, now, 8 * hour)
    const repair = (alarm: DeviceAlarm) => resetAlarm(alarm, now + hour)
    const fresh = newAlarm('pump-1')
    for (const alarm of [repair(stop(fresh)), stop(repair(fresh))])
      expect(alarm.stop).toEqual({ from: now, until: now + hour })
  })

  it('a stop that is told late takes back what was counted in it; told again it changes nothing', () => {
    const { alarm } = story(raising.slice(0, 2))
    const stopped = stopDevice(alarm, alarm.judgedUntil, hour)
    expect(stopped.windows).toEqual([alarm.windows[0]])
    expect(stopped.recent).toEqual([true])
    expect(stopDevice(stopped, alarm.judgedUntil, hour)).toBe(stopped)
  })
})

it('raises with no window that argues against it, though k before it were held back', () => {
  const { alarm } = story(raising.slice(0, 2))
  const held = { ...alarm, recent: [true, true, true], windows: [...alarm.windows, alarm.windows[0]!] }
  story([[0.1, 'hold below_threshold']], held)
  story([[0.9, 'raise persistent']], held)
})

describe('a renewed machine', () => {
  it('has no alarm, and windows from before the repair do not count', () => {
    const { alarm } = story(raising)
    const repairedAt = alarm.judgedUntil + 2 * pump.cadenceMs
    const renewed = resetAlarm(alarm, repairedAt)
    expect(renewed).toMatchObject({ raised: false, mode: null, recent: [], judgedUntil: repairedAt })
    const mixed = Array.from({ length: pump.window.length - 1 }, (): Row => [0.9, 'hold re_baselining'])
    const { alarm: last } = story([...mixed, ...raising], renewed)
    expect(last.trail!.map(({ reason, windows }) => [reason, windows]).slice(-4)).toEqual([
      ['renewed', 0],
      ['re_baselining', 3],
      ['not_persistent', 2],
      ['persistent', 1],
    ])
    const late = makeScore({ windowEnd: repairedAt, failureProbability: 0.9 })
    expect(judge(renewed, late, pump, settings, now).decision.reason).toBe('already_judged')
  })

  it('keeps an alarm that is newer than the repair, which was told late', () => {
    const { alarm } = story(raising)
    expect(resetAlarm(alarm, alarm.raisedAt! - 1)).toMatchObject({ raised: true, mode: 'bearing_wear' })
  })

  it('forgets, when nothing is raised, the windows with rows from before the repair, and no others', () => {
    const { alarm } = story([
      [0.6, 'hold not_persistent'],
      [0.6, 'hold not_persistent'],
    ])
    const renewed = resetAlarm(alarm, alarm.windows[0]!.from!)
    expect(renewed.recent).toEqual([true])
    expect(renewed.windows).toEqual([alarm.windows[1]])
    expect(renewed.judgedUntil).toBe(alarm.judgedUntil)
    // Its end is all that is known of a window that was remembered before its start was kept.
    const windows = alarm.windows.map(({ from: _, ...window }) => window)
    expect(resetAlarm({ ...alarm, windows }, alarm.windows[0]!.end).windows).toEqual([windows[1]])
  })

  it('is judged by what is new when the repair is told late, between windows that reach back behind it', () => {
    const { alarm } = story([
      [0.9, 'hold not_persistent'],
      [0.9, 'hold not_persistent'],
    ])
    const renewed = resetAlarm(alarm, alarm.judgedUntil - pump.cadenceMs)
    story([[0.9, 'hold re_baselining'], [0.9, 'hold re_baselining'], ...raising], renewed)
  })

  it('counts the newest of several repairs, in whatever order they are told', () => {
    const renewed = resetAlarm(resetAlarm(newAlarm('pump-1'), now), now - 1)
    expect(renewed).toMatchObject({ renewedAt: now, judgedUntil: now })
  })
})

it('remembers no more than n windows, as JSON', () => {
  const { alarm } = story([...raising, ...raising.map((): Row => [0.9, 'hold still_raised'])])
  expect(alarm.recent).toHaveLength(settings.n)
  expect(alarm.windows).toHaveLength(settings.n)
  expect(JSON.parse(JSON.stringify(alarm))).toEqual(alarm)
})

it('has words for every reason', () => {
  for (const words of Object.values(decisionReasons)) expect(words).toMatch(/^[a-z].{20,}/)
})
