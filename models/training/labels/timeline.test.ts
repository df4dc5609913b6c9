import { describe, expect, it } from 'vitest'
import type { LifeEvent } from '../../../core/device.ts'
import { type TicketLabel, timelineOf } from './timeline.ts'

const event = (time: number, kind: LifeEvent['kind'], mode?: string) => ({ device: 'P-1', time, kind, mode })
const ticket = (
  raisedAt: number,
  windowEnd: number,
  verdict: TicketLabel['verdict'],
  verdictMode: string | null = null,
): TicketLabel => ({
  device: 'P-1',
  mode: 'unknown',
  state: verdict === null ? 'open' : 'resolved',
  verdict,
  verdictMode,
  prediction: { raisedAt, windowEnd },
})
const brief = ({ parts, unknown }: ReturnType<typeof timelineOf>) => [
  ...parts.map(({ after, until, end }) => [after, until, end]),
  ...unknown.map(({ after, until, why }) => [after, until, why]),
]

describe('a timeline', () => {
  it('of a device of which nothing is told is one life that goes on', () => {
    expect(brief(timelineOf([], []))).toEqual([[-Infinity, Infinity, 'running']])
  })

  it('runs from an installation to the failure, and from the repair to the next', () => {
    const events = [
      event(100, 'installed'),
      event(500, 'failed', 'seal_leak'),
      event(550, 'repaired'),
      event(900, 'failed'),
    ]
    const timeline = timelineOf(events.reverse(), [])
    expect(brief(timeline)).toEqual([
      [-Infinity, 99, 'renewed'],
      [99, 500, 'failed'],
      [550, 900, 'failed'],
      [500, 550, 'failed and not repaired yet'],
      [900, Infinity, 'failed and not repaired yet'],
    ])
    expect(timeline.parts.map(({ mode }) => mode)).toEqual([null, 'seal_leak', null])
  })

  it('counts a second failure without a repair as no life', () => {
    expect(brief(timelineOf([event(10, 'failed'), event(20, 'failed'), event(30, 'replaced')], []))).toEqual([
      [-Infinity, 10, 'failed'],
      [29, Infinity, 'running'],
      [10, 20, 'failed and not repaired yet'],
      [20, 29, 'failed and not repaired yet'],
    ])
  })

  it('waits for the repair through a planned stop', () => {
    expect(
      brief(timelineOf([event(10, 'failed'), event(20, 'planned_stop'), event(30, 'repaired')], [])),
    ).toEqual([
      [-Infinity, 10, 'failed'],
      [30, Infinity, 'running'],
      [10, 20, 'failed and not repaired yet'],
      [20, 30, 'failed and not repaired yet'],
    ])
  })

  it('calls a repair after a confirmed ticket a failure on its way, and any other a renewal', () => {
    const events = [
      event(100, 'repaired'),
      event(200, 'repaired'),
      event(300, 'replaced'),
      event(400, 'planned_stop'),
    ]
    const tickets = [ticket(70, 90, 'confirmed', 'imbalance'), ticket(150, 160, 'false_alarm')]
    const { parts } = timelineOf(events, tickets)
    expect(parts.map(({ end }) => end)).toEqual(['confirmed', 'renewed', 'renewed', 'stopped', 'running'])
    expect(parts[0]).toMatchObject({ suspectFrom: 70, mode: 'imbalance', healthyUntil: null })
    expect(parts[1]).toMatchObject({ suspectFrom: null, healthyUntil: 160, mode: null })
  })

  it('ends at the last window of a confirmed ticket where no repair was told', () => {
    expect(brief(timelineOf([], [ticket(70, 90, 'confirmed')]))).toEqual([
      [-Infinity, 90, 'confirmed'],
      [90, Infinity, 'confirmed and no repair told'],
    ])
  })

  it('suspects what an open ticket says, but not one that was withdrawn or not inspected', () => {
    const suspected = (label: TicketLabel) => timelineOf([], [label]).parts[0]!.suspectFrom
    expect(suspected(ticket(70, 90, null))).toBe(70)
    expect(suspected({ ...ticket(70, 90, null), state: 'withdrawn' })).toBeNull()
    expect(suspected(ticket(70, 90, 'not_inspected'))).toBeNull()
  })

  it('takes the newest window in which a planner found nothing', () => {
    const tickets = [ticket(10, 20, 'false_alarm'), ticket(50, 60, 'no_fault_found')]
    expect(timelineOf([], tickets).parts[0]!.healthyUntil).toBe(60)
  })
})
