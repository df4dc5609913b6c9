import { parseTime } from '../../../ingest/codec/time.ts'

const empty: ReadonlySet<string> = new Set(['', 'nan', 'na', 'n/a', 'null', 'none'])

/** A cell as a number: NaN where it is empty (or says NaN, NA, null); undefined where it is no number. */
export function numberIn(cell: string): number | undefined {
  if (empty.has(cell.toLowerCase())) return Number.NaN
  const value = Number(cell)
  return Number.isFinite(value) ? value : undefined
}

/** A moment in ms: ISO 8601 with its zone, or whole ms; NaN where it is neither. */
export const momentIn = (cell: string): number => parseTime(/^-?\d+$/.test(cell) ? Number(cell) : cell)
