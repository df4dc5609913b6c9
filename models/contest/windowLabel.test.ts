import { describe, expect, it } from 'vitest'
import { timelineOf } from '../training/labels/timeline.ts'
import { windowLabel } from './windowLabel.ts'

const horizon = 10
const events = (...told: [kind: 'failed' | 'repaired' | 'replaced' | 'planned_stop', time: number][]) =>
  told.map(([kind, time]) => ({ device: 'P-1', kind, time }))
const ticket = (verdict: 'confirmed' | 'false_alarm' | null, raisedAt: number, windowEnd: number) => ({
  device: 'P-1',
  mode: 'wear',
  state: verdict === null ? ('open' as const) : ('resolved' as const),
  verdict,
  verdictMode: null,
  prediction: { raisedAt, windowEnd },
})

const labels = (timeline: ReturnType<typeof timelineOf>, until: number, ...times: number[]) => {
  const part = { ...timeline.parts[0]!, until: Math.min(timeline.parts[0]!.until, until) }
  return times.map((time) => windowLabel(part, time, horizon))
}

describe('the outcome of a window', () => {
  it('is known before a failure', () => {
    expect(labels(timelineOf(events(['failed', 100]), []), 200, 50, 89, 90, 100)).toEqual([
      false,
      false,
      true,
      true,
    ])
  })

  it('is a failure from the ticket on where the fault was confirmed, and unknown shortly before it', () => {
    const timeline = timelineOf(events(['repaired', 100]), [ticket('confirmed', 95, 98)])
    expect(timeline.parts[0]!.end).toBe('confirmed')
    expect(labels(timeline, 200, 70, 84, 90, 95, 100)).toEqual([false, false, undefined, true, true])
  })

  it('is unknown at the end of a life that ended otherwise, or has not ended', () => {
    for (const kind of ['replaced', 'planned_stop'] as const)
      expect(labels(timelineOf(events([kind, 100]), []), 99, 80, 95)).toEqual([false, undefined])
    expect(labels(timelineOf([], []), 100, 80, 95)).toEqual([false, undefined])
  })

  it('is healthy where a planner looked and found nothing', () => {
    expect(labels(timelineOf([], [ticket('false_alarm', 94, 96)]), 100, 95, 97)).toEqual([false, undefined])
  })
})
