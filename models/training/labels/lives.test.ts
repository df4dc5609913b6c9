import { describe, expect, it } from 'vitest'
import { press } from '../../../test/properties/tinyAsset.ts'
import type { DeviceSeries } from '../series.ts'
import { labelLives } from './lives.ts'
import { type TicketLabel, timelineOf } from './timeline.ts'

const minute = press.cadenceMs
const start = Date.UTC(2025, 0, 1)
const all = press.channels.map((_, c) => c)
const clock = (m: number) => start + m * minute

/** A press that spoke every minute in [from, to). */
function series(from: number, to: number, rul: Float64Array | null = null): DeviceSeries {
  const times = Float64Array.from({ length: to - from }, (_, i) => clock(from + i))
  return { device: 'P', times, channels: all.map((c) => times.map((_, i) => from + i + c)), rul }
}

const ticket = (raised: number, end: number, verdict: TicketLabel['verdict']): TicketLabel => ({
  device: 'P',
  mode: 'worn_die',
  state: verdict === null ? 'open' : 'resolved',
  verdict,
  verdictMode: verdict === 'confirmed' ? 'worn_die' : null,
  prediction: { raisedAt: clock(raised), windowEnd: clock(end) },
})
const event = (kind: 'failed' | 'repaired' | 'replaced', m: number) => ({ device: 'P', time: clock(m), kind })

const label = (one: DeviceSeries, events: ReturnType<typeof event>[], tickets: TicketLabel[] = []) =>
  labelLives(press, one, timelineOf(events, tickets), all)
const briefly = ({ lives }: ReturnType<typeof labelLives>) =>
  lives.map(({ end, life }) => [end, life.values[0]!.length, life.rul?.[0], life.rul?.at(-1)])
const rowsLeft = ({ leftOut }: ReturnType<typeof labelLives>) =>
  leftOut.reduce((sum, { rows }) => sum + rows, 0)

describe('lives', () => {
  it('count down to the failure by time, across a gap', () => {
    const whole = series(0, 100)
    const gap = {
      ...whole,
      times: whole.times.filter((_, i) => i < 40 || i >= 60),
      channels: whole.channels.map((v) => v.filter((_, i) => i < 40 || i >= 60)),
    }
    const labelled = label(gap, [event('failed', 99.5)])
    expect(briefly(labelled)).toEqual([
      ['failed', 40, 99.5, 60.5],
      ['failed', 40, 39.5, 0.5],
    ])
    expect(labelled.lives.map(({ life }) => life.id)).toEqual(['P, part 1', 'P, part 2'])
  })

  it('leave out what follows a failure, and say so', () => {
    const labelled = label(series(0, 100), [event('failed', 49), event('repaired', 60)])
    expect(briefly(labelled)).toEqual([
      ['failed', 50, 49, 0],
      ['running', 39, undefined, undefined],
    ])
    expect(labelled.leftOut).toEqual([{ device: 'P', why: 'failed and not repaired yet', rows: 11 }])
  })

  it('of a machine replaced before it failed are censored: it would have lived at least so long', () => {
    const labelled = label(series(0, 100), [event('replaced', 100)])
    // the replacement is as late as the reading before it
    expect(briefly(labelled)).toEqual([['renewed', 100, expect.closeTo(100), expect.closeTo(1)]])
    expect(labelled.lives[0]!.life).toMatchObject({ censored: true, onset: 40 })
    expect(labelled.leftOut).toEqual([])
  })

  it('of a confirmed fault are not healthy from its ticket on', () => {
    const { lives } = label(series(0, 100), [event('repaired', 99)], [ticket(20, 90, 'confirmed')])
    expect(lives).toMatchObject([{ end: 'confirmed', mode: 'worn_die', foundHealthy: false }])
    expect(lives[0]!.life).toMatchObject({ censored: true, onset: 20 })
    expect([lives[0]!.life.rul![0], lives[0]!.life.rul!.at(-1)]).toEqual([99, 0])
  })

  it('are healthy for as long as a planner found nothing', () => {
    const { lives } = label(series(0, 100), [event('replaced', 100)], [ticket(60, 80, 'false_alarm')])
    expect(lives[0]).toMatchObject({ foundHealthy: true, life: { censored: true, onset: 81 } })
  })

  it('end under a ticket that nobody has judged', () => {
    const labelled = label(series(0, 100), [], [ticket(70, 75, null)])
    expect(briefly(labelled)).toEqual([['running', 70, undefined, undefined]])
    expect(rowsLeft(labelled)).toBe(30)
  })

  it('too short for a window are left out', () => {
    const labelled = label(series(0, 5), [event('failed', 5)])
    expect(labelled.lives).toEqual([])
    expect(labelled.leftOut).toEqual([
      { device: 'P', why: 'fewer than the 6 rows in a row that a window needs', rows: 5 },
    ])
  })

  it('follow a remaining life that was told, and begin anew where it rises', () => {
    const rul = Float64Array.from({ length: 40 }, (_, i) => (i < 10 ? 9 - i : i < 20 ? Number.NaN : 59 - i))
    expect(briefly(label(series(0, 40, rul), []))).toEqual([
      ['failed', 10, 9, 0],
      ['running', 10, undefined, undefined],
      ['failed', 20, 39, 20],
    ])
  })

  it('account for every reading', () => {
    const one = series(0, 200)
    one.channels[1]!.fill(Number.NaN, 150, 160)
    const labelled = label(one, [event('failed', 80), event('repaired', 85), event('replaced', 195)])
    const trained = labelled.lives.reduce((sum, { life, held }) => sum + life.values[0]!.length - held, 0)
    expect(trained + rowsLeft(labelled)).toBe(200)
  })
})
