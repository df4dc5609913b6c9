import type { TicketEvent } from '../../api/types.ts'

export interface FoldedEvent {
  /** The newest of those that were folded. */
  readonly event: TicketEvent
  readonly count: number
}

/** Forecasts that were merged one after the other are one line: a history of a hundred merges hides the people in it. */
export function foldMerges(history: readonly TicketEvent[]): FoldedEvent[] {
  const folded: FoldedEvent[] = []
  for (const event of history) {
    const last = folded.at(-1)
    const repeats = event.kind === 'merged' && last?.event.kind === 'merged'
    if (repeats) folded[folded.length - 1] = { event, count: last.count + 1 }
    else folded.push({ event, count: 1 })
  }
  return folded
}
