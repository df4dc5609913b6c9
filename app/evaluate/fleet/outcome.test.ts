import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { parseAssetType } from '../../../core/catalogue.ts'
import { fleetFigures, shareOf } from './figures.ts'
import { limitTickets } from './fixedLimits.ts'
import { judgeDevice } from './outcome.ts'
import { type TruthMoment, trueLives } from './truth.ts'

const yaml = readFileSync(new URL('../../../catalogue/pump.yaml', import.meta.url), 'utf8')
const pump = parseAssetType(parse(yaml), 'pump.yaml')
const hour = 3_600_000
const end = 2000 * hour

const moment = (at: number, kind: TruthMoment['kind'], more: Partial<TruthMoment> = {}): TruthMoment => ({
  device: 'P-1',
  time: at * hour,
  kind,
  ...more,
})

/** What becomes of tickets at these hours. */
function judged(truth: readonly TruthMoment[], ...at: number[]) {
  const opened = at.map((time) => ({ device: 'P-1', mode: 'cavitation', openedAt: time * hour }))
  return judgeDevice(pump, trueLives('P-1', truth, [0, end]), opened)
}
const outcomes = (truth: readonly TruthMoment[], ...at: number[]) =>
  judged(truth, ...at).tickets.map(({ outcome }) => outcome)

describe('a ticket before a failure at hour 1000, whose fault first shows at 930', () => {
  const truth = [
    moment(930, 'first_sign', { mode: 'cavitation' }),
    moment(1000, 'failed'),
    moment(1040, 'repaired'),
  ]

  it.each([
    [988, 'right'],
    [931, 'right'],
    [988.2, 'late'],
    [929, 'early'],
    [850, 'early'],
  ])('at %s is %s', (at, outcome) => {
    expect(outcomes(truth, at)).toEqual([outcome])
  })

  it('finds it once; a further ticket is repeated, one after the repair is false', () => {
    const { tickets, failures } = judged(truth, 940, 960, 1100)
    expect(tickets.map(({ outcome }) => outcome)).toEqual(['right', 'repeated', 'false'])
    expect(failures).toMatchObject([{ outcome: 'found', lead: 60 * hour, mode: 'cavitation' }])
  })

  it('misses it when there is none, and tells it late when the first in time was too late', () => {
    expect(judged(truth).failures).toMatchObject([{ outcome: 'missed', lead: null }])
    expect(judged(truth, 995).failures).toMatchObject([{ outcome: 'late', lead: 5 * hour }])
  })

  it('says nothing of a ticket while the machine stands still', () => {
    expect(outcomes(truth, 1020)).toEqual(['undecided'])
  })
})

describe('a ticket without a fault', () => {
  it('is early when the first sign is not known and the failure is more than the cap away', () => {
    expect(outcomes([moment(1000, 'failed')], 903, 904)).toEqual(['early', 'right'])
  })

  it('is false before a sudden failure, which counts for no recall', () => {
    const { tickets, failures } = judged([moment(1000, 'failed', { sudden: true })], 980)
    expect(tickets.map(({ outcome }) => outcome)).toEqual(['false'])
    const figures = fleetFigures([{ tickets, failures, watched: 60 * 24 * hour }], 36 * hour)
    expect(figures).toMatchObject({ failures: 0, recall: null, sudden: { failures: 1, tickets: 1 } })
    expect(figures.falsePerDeviceMonth).toBe(0.5)
  })

  it('is undecided at the end of a record, and false where the machine is known to have been healthy', () => {
    expect(outcomes([], 1000, 1950)).toEqual(['false', 'undecided'])
    expect(outcomes([moment(2000, 'healthy')], 1950)).toEqual(['false'])
  })
})

describe('a share', () => {
  it('has the interval of Wilson: 9 of 10 and 0 of 20 as tables give it', () => {
    expect(shareOf(9, 10)!.low).toBeCloseTo(0.5958, 3)
    expect(shareOf(9, 10)!.high).toBeCloseTo(0.9821, 3)
    expect(shareOf(0, 20)).toMatchObject({ value: 0, low: 0 })
    expect(shareOf(0, 20)!.high).toBeCloseTo(0.1611, 3)
    expect(shareOf(0, 0)).toBeNull()
  })
})

describe('fixed limits', () => {
  const times = Float64Array.from({ length: 12 }, (_, i) => i * 600_000)
  const series = (values: number[]) => ({
    device: 'P-1',
    times,
    channels: [Float64Array.from(values)],
    rul: null,
  })
  const limits = { name: 'test', limits: [[1, 3] as const], k: 2, n: 3 }

  it('open a ticket when k of n readings are outside, again only after n inside', () => {
    const opened = limitTickets(series([2, 4, 2, 4, 2, 4, 2, 2, 2, 0, 0, 0]), [], limits)
    expect(opened.map(({ openedAt }) => openedAt / 600_000)).toEqual([3, 10])
  })

  it('begin anew with a renewed machine', () => {
    const repaired = { device: 'P-1', time: 5 * 600_000, kind: 'repaired' as const }
    const opened = limitTickets(series([2, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4]), [repaired], limits)
    expect(opened.map(({ openedAt }) => openedAt / 600_000)).toEqual([2, 6])
  })
})
