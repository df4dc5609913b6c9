/** How often a message is tried, and how long a receiver that fails is left alone. */
export interface Backoff {
  /** Tries of one message. */
  readonly attempts: number
  /** First wait, ms; doubled each time. */
  readonly firstMs: number
}

const longestMs = 4 * 3_600_000
/** Waits differ by a fifth, so that receivers that fell together do not come back together. */
const jitter = 0.2

/** Wait after so many failures in a row, ms, without jitter. */
const plainWait = ({ firstMs }: Backoff, failures: number): number =>
  Math.min(firstMs * 2 ** Math.min(failures - 1, 40), Math.max(longestMs, firstMs))

/**
 * @param failures tries in a row that failed, 1 or more
 * @param random 0 to 1
 */
export const waitAfter = (backoff: Backoff, failures: number, random: number): number =>
  Math.round(plainWait(backoff, failures) * (1 - jitter + 2 * jitter * random))

/** From the first try of a message to its last, ms: with 15 tries and half a minute about a day. */
export function spanOf(backoff: Backoff): number {
  let sum = 0
  for (let failures = 1; failures < backoff.attempts; failures++) sum += plainWait(backoff, failures)
  return sum
}
