import { InvalidArgumentError } from 'commander'
import { parseTime } from '../../ingest/codec/time.ts'

/** Parsers of command line values; commander prints what they throw beside the option's name. */
export function positiveNumber(text: string): number {
  const value = Number(text)
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('Expected a number above 0.')
  return value
}

export function wholeNumber(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0)
    throw new InvalidArgumentError('Expected a whole number, 0 or more.')
  return value
}

export function countFrom1(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('Expected a whole number, 1 or more.')
  return value
}

/** ms since the epoch. */
export function moment(text: string): number {
  const time = parseTime(text)
  if (Number.isNaN(time))
    throw new InvalidArgumentError('Expected ISO 8601 with a zone: 2025-01-01T00:00:00Z.')
  return time
}

/** Prints one JSON line, or text for people. */
export function print(json: boolean | undefined, value: unknown, text: string): void {
  process.stdout.write(`${json ? JSON.stringify(value) : text}\n`)
}
