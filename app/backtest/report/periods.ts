const day = 86_400_000
/** 1970-01-05, a Monday, ms. */
const aMonday = 4 * day
/** More bars than this cannot be told apart on a phone. */
const mostPeriods = 40

/** Equal stretches of time that cover a history. */
export interface Periods {
  /** What one is called. */
  readonly name: string
  /** When each begins, ms, UTC. */
  readonly starts: readonly number[]
  /** Index of the one that holds `time`, ms. */
  indexOf(time: number): number
}

const lengths = [
  { name: 'week', days: 7 },
  { name: '4 weeks', days: 28 },
  { name: '13 weeks', days: 91 },
  { name: '52 weeks', days: 364 },
] as const

/** Weeks from Monday on, or several at once where a history is long. `from` and `until` in ms, the latter included. */
export function periodsOf(from: number, until: number): Periods {
  const monday = aMonday + Math.floor((from - aMonday) / (7 * day)) * 7 * day
  const countOf = (days: number) => Math.floor((until - monday) / (days * day)) + 1
  const { name, days } = lengths.find((one) => countOf(one.days) <= mostPeriods) ?? lengths.at(-1)!
  return {
    name,
    starts: Array.from({ length: countOf(days) }, (_, i) => monday + i * days * day),
    indexOf: (time) => Math.floor((time - monday) / (days * day)),
  }
}
