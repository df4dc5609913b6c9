import { DateTime } from 'luxon'
import type { Config } from './config.ts'

/** When people work. */
export type WorkingCalendar = Config['calendar']

/** The time zone in which the working hours are meant: the configured one, else this machine's. */
export const zoneOf = ({ timeZone }: WorkingCalendar): string =>
  timeZone || Intl.DateTimeFormat().resolvedOptions().timeZone

const dayNames = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

/**
 * The last moment not after `time`, ms, at which somebody works; the end of a shift is one. A day of local time has 23 to
 * 25 hours where the clocks change, so that days are stepped through by the calendar, never by 24 hours.
 */
export function lastWorkingMoment(calendar: WorkingCalendar, time: number): number {
  const holidays = new Set(calendar.holidays)
  let day = DateTime.fromMillis(time, { zone: zoneOf(calendar) }).startOf('day')
  // Every week has a working day that only a holiday can take: one more week a holiday is always enough.
  for (let back = 0; back <= 7 * (holidays.size + 1); back++) {
    const shift = shiftOf(calendar, holidays, day)
    if (shift && shift.start <= time) return Math.min(time, shift.end)
    day = day.minus({ days: 1 }).startOf('day')
  }
  throw new RangeError('no working day before this one')
}

/** Start and end of a day's work, ms; undefined on a day off. */
function shiftOf({ workingDays, from, to }: WorkingCalendar, holidays: ReadonlySet<string>, day: DateTime) {
  if (!workingDays.includes(dayNames[day.weekday - 1]!) || holidays.has(day.toISODate()!)) return undefined
  return { start: atClock(day, from), end: atClock(day, to) }
}

function atClock(day: DateTime, clock: string): number {
  const [hour, minute] = clock.split(':').map(Number) as [number, number]
  const moment = hour === 24 ? day.plus({ days: 1 }).startOf('day') : day.set({ hour, minute })
  return moment.toMillis()
}

/** `Thu 26 Nov 2026, 15:00`, in the calendar's zone. */
export const inWords = (calendar: WorkingCalendar, time: number): string =>
  DateTime.fromMillis(time, { zone: zoneOf(calendar), locale: 'en-GB' }).toFormat('ccc d LLL yyyy, HH:mm')
