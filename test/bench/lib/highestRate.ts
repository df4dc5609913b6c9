export interface Search<T> {
  /** Where to begin, messages a second. */
  readonly start: number
  /** How far apart the highest rate that held and the lowest that did not may stay, as a factor above 1. */
  readonly within: number
  /** Nothing below this is tried; default 1. */
  readonly lowest?: number
  trial(rate: number): Promise<T>
  holds(outcome: T): boolean
}

export interface Found {
  /** The highest rate that held; 0 where none did. */
  readonly rate: number
  /** The lowest one that did not. */
  readonly tooMuch: number
}

/** The highest rate that holds: doubled or halved until both sides are known, then halved between them by ratio. */
export async function highestRate<T>(search: Search<T>): Promise<Found> {
  const { start, within, lowest = 1, trial, holds } = search
  let rate = 0
  let tooMuch = Number.POSITIVE_INFINITY
  let next = start
  while (rate === 0 || tooMuch / rate > within) {
    if (holds(await trial(next))) rate = next
    else tooMuch = next
    if (rate === 0 && tooMuch / 2 < lowest) break
    next = Math.round(nextBetween(rate, tooMuch))
  }
  return { rate, tooMuch }
}

function nextBetween(rate: number, tooMuch: number): number {
  if (rate === 0) return tooMuch / 2
  return tooMuch === Number.POSITIVE_INFINITY ? rate * 2 : Math.sqrt(rate * tooMuch)
}

/** Tries a rate for the whole time and, where it does not hold so long, ever lower ones, down to a third; the last trial counts. */
export async function confirmed<T>(
  rate: number,
  search: Pick<Search<T>, 'within' | 'trial' | 'holds'>,
  tries = 12,
): Promise<T> {
  const outcome = await search.trial(rate)
  if (tries <= 1 || search.holds(outcome)) return outcome
  return confirmed(Math.round(rate / search.within), search, tries - 1)
}
