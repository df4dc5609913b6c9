import { spanMs } from '../spans.ts'
import type { Hours } from './touchedHours.ts'

/** Two days: what 3 Core reads at once, and a bound on the rows of one answer everywhere. */
export function piecesOf({ assetType, device, from, to }: Hours): Hours[] {
  const pieces: Hours[] = []
  for (let start = from; start < to; start += spanMs) {
    pieces.push({ assetType, device, from: start, to: Math.min(to, start + spanMs) })
  }
  return pieces
}

/** Statements in one request. */
const perRequest = 20

export function groupsOf<T>(items: readonly T[]): T[][] {
  const groups: T[][] = []
  for (let start = 0; start < items.length; start += perRequest) {
    groups.push(items.slice(start, start + perRequest))
  }
  return groups
}
