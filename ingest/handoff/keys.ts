/*
 * Names of what connects the processes of an installation in Redis. The braces put them into one slot of a cluster, so
 * that one call may name several.
 */

/** Hash: ingest process > number of partitions of its log. Score processes find the streams by it. */
export const logsKey = '{forewarn}:logs'

/** Stream of one partition of an ingest process's log; the id of an entry is `<log position>-1`. */
export const streamKey = ({ log, partition, partitions }: Partition): string =>
  `{forewarn}:readings:${log}:${partition}of${partitions}`

/** Hash: stream > log position up to which it is scored. The score process writes it, the ingest process reads it. */
export const scoredKey = '{forewarn}:scored'

/** One partition of one log. */
export interface Partition {
  /** `worker.name` of the ingest process. */
  readonly log: string
  readonly partition: number
  readonly partitions: number
}

/** The log position of an entry by its id. */
export const positionOf = (id: string): number => Number(id.split('-', 1)[0])
