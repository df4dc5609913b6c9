/** What an ingest process has seen: since its start, but `deadLettered` and `inLog` as they stand in its log. */
export interface Counted {
  /** Readings acknowledged, those in dead letters included. */
  readonly acknowledged: number
  /** By the store's answers to the writer: a count of the stored ones would shrink with their retention. */
  readonly stored: number
  readonly duplicates: number
  readonly deadLettered: number
  readonly inLog: number
}

export type Backlog = Pick<Counted, 'deadLettered' | 'inLog'>

/**
 * Where the acknowledged readings are: acknowledged = stored + duplicates + dead-lettered + in log + lost, all since
 * the start, with the backlog that the log held then among the acknowledged. `before` is as of the start, when nothing
 * moved yet. `now` has to be counted in the order acknowledged, stored with in log, dead-lettered: a reading on its way
 * is then counted twice rather than missed, so that nothing looks lost that is not.
 */
export function lossEquation(before: Backlog, now: Counted) {
  const acknowledged = now.acknowledged + before.inLog
  const dead = now.deadLettered - before.deadLettered
  const found = now.stored + now.duplicates + dead + now.inLog
  return {
    acknowledged,
    stored: now.stored,
    duplicates: now.duplicates,
    dead_lettered: dead,
    in_log: now.inLog,
    lost: Math.max(0, acknowledged - found),
  }
}
