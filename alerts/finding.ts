import { ForewarnError, messageOf } from '../core/errors.ts'

/** What was found at a service, for `forewarn doctor`. */
export interface ServiceFinding {
  readonly level: 'ok' | 'warning' | 'problem'
  readonly detail: string
  /** What to do, where there is something to do. */
  readonly remedy?: string
}

/** An error as a finding, with its way out. */
export const problemOf = (error: unknown): ServiceFinding => ({
  level: 'problem',
  detail: messageOf(error),
  ...(error instanceof ForewarnError ? { remedy: error.remedy } : {}),
})
