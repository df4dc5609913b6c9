/** ISO 8601 with date, time of day and zone: a time without a zone means another moment at every site. */
const isoInstant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/

/** Greatest distance from the epoch that a Date can hold, ms (ECMA-262, Time Values and Time Range). */
const greatest = 8.64e15

/** Milliseconds since the epoch, whole, from a number of ms or an ISO 8601 instant; NaN where it is neither. */
export function parseTime(value: unknown): number {
  if (typeof value === 'number') return Math.abs(value) <= greatest ? Math.floor(value) : Number.NaN
  if (typeof value !== 'string' || value.length > 40 || !isoInstant.test(value)) return Number.NaN
  return Math.floor(Date.parse(value.replace(',', '.')))
}
