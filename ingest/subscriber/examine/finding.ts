import { ForewarnError, messageOf } from '../../../core/errors.ts'

/** What was found out about the broker. */
export interface BrokerFinding {
  readonly what: string
  readonly level: 'ok' | 'warning' | 'problem'
  readonly detail: string
  /** What to do, where there is something to do. */
  readonly remedy?: string
}

/** An error as a finding, with its way out. */
export function problemOf(what: string, error: unknown): BrokerFinding {
  const finding = { what, level: 'problem' as const, detail: messageOf(error) }
  return error instanceof ForewarnError ? { ...finding, remedy: error.remedy } : finding
}
