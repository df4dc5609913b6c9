import { ForewarnError, messageOf } from '../core/errors.ts'

/** What the doctor found at one place. */
export interface Finding {
  readonly what: string
  readonly level: 'ok' | 'warning' | 'problem'
  readonly detail: string
  /** What to do, where there is something to do. */
  readonly remedy?: string
}

/** An error as a finding, with its way out. */
export function problem(what: string, error: unknown): Finding {
  if (error instanceof ForewarnError)
    return { what, level: 'problem', detail: error.message, remedy: error.remedy }
  return { what, level: 'problem', detail: messageOf(error) }
}
