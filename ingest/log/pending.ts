import type { DeadLetter, LogPosition } from '../../core/reading.ts'
import type { GatheredBlock } from './gathering.ts'

/** What gathers for the next transaction. */
export interface Pending {
  /** Full ones and the one that is filled. */
  readonly blocks: GatheredBlock[]
  readonly deadLetters: DeadLetter[]
  readonly removals: string[]
  readonly cursors: Map<string, LogPosition>
  bytes: number
  /** A new log's positions begin after this one. */
  startAfter?: LogPosition
}

export const newPending = (): Pending => ({
  blocks: [],
  deadLetters: [],
  removals: [],
  cursors: new Map(),
  bytes: 0,
})

/** Bytes a dead letter takes, near enough for a cap. */
export const deadLetterBytes = (letter: DeadLetter): number =>
  letter.payload.length + letter.topic.length + letter.detail.length + 200
