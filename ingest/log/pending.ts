import type { DeadLetter, LogPosition, Reading } from '../../core/reading.ts'

/** What gathers for the next transaction. */
export interface Pending {
  readonly readings: Reading[]
  readonly deadLetters: DeadLetter[]
  readonly removals: string[]
  readonly cursors: Map<string, LogPosition>
  bytes: number
  /** A new log's positions begin after this one. */
  startAfter?: LogPosition
}

export const newPending = (): Pending => ({
  readings: [],
  deadLetters: [],
  removals: [],
  cursors: new Map(),
  bytes: 0,
})

/** Bytes a dead letter takes, near enough for a cap. */
export const deadLetterBytes = (letter: DeadLetter): number =>
  letter.payload.length + letter.topic.length + letter.detail.length + 200
