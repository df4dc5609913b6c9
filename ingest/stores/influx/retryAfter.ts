/** Asked again after a minute at the latest, whatever a server says: a store that is back must not be left waiting. */
const mostMs = 60_000

/**
 * How long a `Retry-After` header asks to wait, ms: seconds or an HTTP date (RFC 9110, 10.2.3). Undefined where it says
 * neither.
 */
export function retryAfterMs(header: unknown, now: number): number | undefined {
  if (typeof header !== 'string') return undefined
  const text = header.trim()
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : httpDate(text) - now
  return Number.isNaN(ms) ? undefined : Math.min(mostMs, Math.max(0, ms))
}

/** `Date.parse` alone would take "3 days" for a date. */
const httpDate = (text: string): number =>
  /^[A-Z][a-z]+, .*\d{2}:\d{2}:\d{2} GMT$/.test(text) ? Date.parse(text) : Number.NaN
