import { ForewarnError } from '../../../core/errors.ts'

/** What is wrong with training data, and what its owner does about it. */
export interface DataProblem {
  /** Name of the file or store for people. */
  readonly source: string
  /** `column vibration`, `column device`: where it is wrong. */
  readonly column: string
  readonly problem: string
  /** A sentence without its full stop. */
  readonly remedy: string
}

export const invalidData = (problem: DataProblem): ForewarnError =>
  new ForewarnError('TRAINING_DATA_INVALID', { ...problem })
