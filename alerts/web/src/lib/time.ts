import { serverNow } from './clock.ts'

/** Moments and durations in words. Times are ms since the epoch, shown in the reader's time zone. */
const locale = 'en-GB'

const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' })
const dayAndYear = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric' })
const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })

export const minute = 60_000
export const hour = 60 * minute
export const oneDay = 24 * hour

/** Without the year, for where there is little room. */
export const formatDayOfMonth = (ms: number): string => day.format(ms)
export const formatClock = (ms: number): string => clock.format(ms)
export const formatDay = (ms: number, now = serverNow()): string =>
  new Date(ms).getFullYear() === new Date(now).getFullYear() ? day.format(ms) : dayAndYear.format(ms)
export const formatMoment = (ms: number, now = serverNow()): string =>
  `${formatDay(ms, now)}, ${formatClock(ms)}`

/** How long: "8 s", "12 min", "3 h", "5 d". */
export function formatDuration(ms: number): string {
  const size = Math.abs(ms)
  if (size < minute) return `${Math.round(size / 1000)} s`
  if (size < hour) return `${Math.floor(size / minute)} min`
  if (size < 2 * oneDay) return `${Math.floor(size / hour)} h`
  return `${Math.floor(size / oneDay)} d`
}

/** Seconds with the precision that latency deserves: "0.42 s", "3.1 s", "27 s". */
export function formatSeconds(ms: number): string {
  const seconds = ms / 1000
  const fraction = seconds < 1 ? 2 : seconds < 10 ? 1 : 0
  return `${seconds.toFixed(fraction)} s`
}

export const formatAge = (from: number, now: number): string => {
  const age = now - from
  return age < 5000 ? 'just now' : `${formatDuration(age)} ago`
}

const sameDay = (a: number, b: number): boolean => new Date(a).toDateString() === new Date(b).toDateString()

/** "23 Nov, 02:00 to 17:00", over midnight with both days, over more than four days without the clock. */
export function formatSpan(from: number, to: number, now = serverNow()): string {
  if (to - from < 5 * minute) return `about ${formatMoment(from, now)}`
  if (sameDay(from, to)) return `${formatMoment(from, now)} to ${formatClock(to)}`
  if (to - from > 4 * oneDay) return `${formatDay(from, now)} to ${formatDay(to, now)}`
  return `${formatMoment(from, now)} to ${formatMoment(to, now)}`
}

/** The value of an `<input type="datetime-local">`, in local time. */
export function toLocalInput(ms: number): string {
  const d = new Date(ms)
  const two = (n: number) => String(n).padStart(2, '0')
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}T${two(d.getHours())}:${two(d.getMinutes())}`
}

/** NaN where the field is empty or half filled. */
export const fromLocalInput = (value: string): number => new Date(value).getTime()
