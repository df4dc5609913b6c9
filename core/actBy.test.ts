import fc from 'fast-check'
import { DateTime } from 'luxon'
import { describe, expect, it } from 'vitest'
import { type ActByFacts, actByAsOf, actByOf } from './actBy.ts'
import { parseAssetType } from './catalogue.ts'
import { parseConfig } from './config.ts'
import { lastWorkingMoment, type WorkingCalendar } from './workingCalendar.ts'

const zone = 'Europe/Berlin'
const calendarOf = (changes: Partial<WorkingCalendar> = {}) =>
  parseConfig({ calendar: { timeZone: zone, ...changes } }).calendar
const berlin = calendarOf()
const at = (iso: string) => DateTime.fromISO(iso, { zone }).toMillis()
const local = (time: number) => DateTime.fromMillis(time, { zone }).toFormat("yyyy-MM-dd'T'HH:mm")

const fan = parseAssetType(
  {
    name: 'fan',
    label: 'Fan',
    window: { by: 'grid', length: 4, minimum: 2 },
    cadenceMs: 1000,
    usage: { unit: 'h', perSlot: 1, perDay: 12 },
    rulCap: 500,
    horizon: 36,
    channels: [{ name: 'speed', label: 'Speed', unit: 'Hz', plausible: [0, 1] }],
    failureModes: [
      {
        name: 'wear',
        label: 'Wear',
        symptoms: {},
        action: '',
        skill: '',
        parts: ['bearing'],
        partsLeadDays: 3,
        requiredLead: 6,
        costPlanned: 1,
        costFailure: 1,
      },
    ],
  },
  'fan.yaml',
)
/** Thursday 26 November 2026, 10:00. */
const thursday = at('2026-11-26T10:00')
const factsOf = (p05: number, changes: Partial<ActByFacts> = {}): ActByFacts => ({
  type: fan,
  mode: 'wear',
  rul: { p05, p10: p05, p50: p05, p90: p05, p95: p05 },
  windowEnd: thursday,
  ...changes,
})

describe('the act-by date', () => {
  it('is so long before the early end that the work is done by then', () => {
    // 60 h at 12 h a day: five days, Tuesday 10:00; half a day before: Monday 22:00, after hours
    const date = actByOf(factsOf(60), berlin)
    expect(local(date.earlyEnd)).toBe('2026-12-01T10:00')
    expect(local(date.at)).toBe('2026-11-30T16:00')
    // three days before: Friday, at the end of its hours
    expect(local(date.orderBy!)).toBe('2026-11-27T16:00')
    expect(date).toMatchObject({ lead: 6, usagePerDay: 12, atLeast: false, timeZone: zone })
  })

  it('goes by the register where that knows how much the machine runs', () => {
    const date = actByOf(factsOf(60, { usagePerDay: 24 }), berlin)
    // 2.5 days: Saturday 22:00; a quarter of a day before: Saturday, nobody works
    expect(local(date.earlyEnd)).toBe('2026-11-28T22:00')
    expect(local(date.at)).toBe('2026-11-27T16:00')
  })

  it('knows holidays, and a mode that waits for no parts', () => {
    const calendar = calendarOf({ holidays: ['2026-11-30', '2026-11-27'] })
    expect(local(actByOf(factsOf(60), calendar).at)).toBe('2026-11-26T16:00')
    expect(actByOf(factsOf(60, { mode: 'unknown' }), berlin)).toMatchObject({ orderBy: null, lead: 12 })
  })

  it('says where it comes from, that it is a lower bound, and that it has passed', () => {
    const date = actByOf(factsOf(60), berlin)
    expect(date.argument).toBe(
      'Begin by Mon 30 Nov 2026, 16:00 (Europe/Berlin): one in twenty fails before 60 h, at 12 h a day on ' +
        'Tue 1 Dec 2026, 10:00; the work needs 6 h before that, and begins in working hours. ' +
        'Order bearing by Fri 27 Nov 2026, 16:00: delivery takes 3 days.',
    )
    expect(actByOf(factsOf(500), berlin)).toMatchObject({
      atLeast: true,
      argument: expect.stringContaining('500 h or more'),
    })
    expect(actByAsOf(date, thursday)).toEqual({ ...date, tooLate: false, partsTooLate: false })
    const noParts = actByAsOf(date, date.orderBy! + 1)
    expect(noParts).toMatchObject({ tooLate: false, partsTooLate: true })
    expect(noParts.argument).toMatch(/^The parts may come too late/)
    const passed = actByAsOf(date, date.at + 1)
    expect(passed.tooLate).toBe(true)
    expect(passed.argument).toMatch(/^The date has passed/)
  })

  it('is in the past where the work can no longer end in time', () => {
    expect(actByOf(factsOf(1), berlin).at).toBeLessThan(thursday)
  })
})

describe('the last working moment', () => {
  it.each([
    // clocks go forward at 02:00 on Sunday 28 March, back at 03:00 on Sunday 25 October
    ['2026-03-29T12:00', '2026-03-27T16:00'],
    ['2026-03-30T07:59', '2026-03-27T16:00'],
    ['2026-03-30T08:00', '2026-03-30T08:00'],
    ['2026-10-26T07:30', '2026-10-23T16:00'],
    ['2026-10-26T12:34', '2026-10-26T12:34'],
    ['2026-10-26T20:00', '2026-10-26T16:00'],
  ])('before %s is %s', (time, expected) => {
    expect(local(lastWorkingMoment(berlin, at(time)))).toBe(expected)
  })

  it('goes by local days where the clocks change in working hours', () => {
    const night = calendarOf({ workingDays: ['sun'], from: '00:00', to: '24:00' })
    // the end of a day of 23 and of one of 25 hours, asked for on the Monday
    expect(lastWorkingMoment(night, at('2026-03-30T09:00')) - at('2026-03-29T00:00')).toBe(23 * 3_600_000)
    expect(lastWorkingMoment(night, at('2026-10-26T09:00')) - at('2026-10-25T00:00')).toBe(25 * 3_600_000)
  })

  it('is any moment around the clock', () => {
    const always = calendarOf({
      workingDays: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
      from: '00:00',
      to: '24:00',
    })
    expect(lastWorkingMoment(always, thursday + 1)).toBe(thursday + 1)
  })
})

/** Whole years, with both changes of the clocks in each; some zones change by half an hour or at midnight. */
const times = fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2030, 0, 1) })
const zones = fc.constantFrom(
  'UTC',
  'Europe/Berlin',
  'Australia/Lord_Howe',
  'America/Sao_Paulo',
  'Africa/Cairo',
)
const calendars = fc
  .record({
    timeZone: zones,
    workingDays: fc.uniqueArray(fc.constantFrom('mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'), {
      minLength: 1,
    }),
    from: fc.constantFrom('00:00', '02:30', '08:00'),
    to: fc.constantFrom('08:15', '16:00', '24:00'),
    holidays: fc.uniqueArray(fc.constantFrom('2026-12-25', '2027-01-01', '2026-03-29', '2026-10-25')),
  })
  .map((calendar) => parseConfig({ calendar }).calendar)

const dayNames = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

/** Told from the clock on the wall alone, minute by minute. */
function isWorkingMoment(calendar: WorkingCalendar, time: number): boolean {
  const { timeZone, workingDays, from, to, holidays } = calendar
  const wall = DateTime.fromMillis(time, { zone: timeZone })
  const worksOn = (day: DateTime) =>
    workingDays.includes(dayNames[day.weekday - 1]!) && !holidays.includes(day.toISODate()!)
  const clock = wall.toFormat('HH:mm')
  if (worksOn(wall) && from <= clock && clock <= to) return true
  // a shift that lasts until midnight ends with the first moment of the next day
  return to === '24:00' && +wall === +wall.startOf('day') && worksOn(wall.minus(1))
}

describe('whatever the calendar', () => {
  it('the date is a working moment, and never after the early end', () => {
    fc.assert(
      fc.property(
        calendars,
        times,
        fc.double({ min: 0, max: 500, noNaN: true }),
        (calendar, windowEnd, p05) => {
          const { at: date, earlyEnd, orderBy } = actByOf(factsOf(p05, { windowEnd }), calendar)
          expect(date).toBeLessThanOrEqual(earlyEnd)
          expect(orderBy).toBeLessThanOrEqual(date)
          expect(isWorkingMoment(calendar, date)).toBe(true)
          expect(isWorkingMoment(calendar, orderBy!)).toBe(true)
        },
      ),
      { numRuns: 150 },
    )
  })

  it('more remaining life never makes it earlier', () => {
    const life = fc.double({ min: 0, max: 500, noNaN: true })
    fc.assert(
      fc.property(calendars, times, life, life, (calendar, windowEnd, a, b) => {
        const dates = [Math.min(a, b), Math.max(a, b)].map(
          (p05) => actByOf(factsOf(p05, { windowEnd }), calendar).at,
        )
        expect(dates[1]).toBeGreaterThanOrEqual(dates[0]!)
      }),
      { numRuns: 150 },
    )
  })

  it('no working moment lies between it and the moment it was asked for', () => {
    fc.assert(
      fc.property(calendars, times, fc.double({ min: 0, max: 1, noNaN: true }), (calendar, time, share) => {
        const found = lastWorkingMoment(calendar, time)
        const between = Math.ceil(found + 60_000 + share * (time - found))
        fc.pre(between < time)
        expect(lastWorkingMoment(calendar, between)).toBe(found)
      }),
      { numRuns: 150 },
    )
  })
})
