import type { DeadLetterReason } from '../core/reading.ts'

/** What came in since the start of the process. */
export interface IntakeStats {
  readonly messages: number
  /** Readings that became durable. */
  readonly readings: number
  /** Single values that were left out. */
  readonly rejectedValues: number
  /** Dead letters by reason, and readings in them. */
  readonly deadLetters: Readonly<Partial<Record<DeadLetterReason, number>>>
  readonly deadLetterReadings: number
  /** Messages that were not acknowledged, because they could not be kept. */
  readonly unacknowledged: number
  /** Messages by the other kinds of topic. */
  readonly event: number
  readonly status: number
  readonly score: number
  /** Messages and values that the mapping file says are of no use. */
  readonly ignored: number
  /** Sparkplug edge nodes that were asked to send their births again. */
  readonly rebirthRequests: number
  /** Message numbers that a device left out, as seen at arrival. */
  readonly seqGaps: number
  /** A new boot id, or a counter that began anew. */
  readonly reboots: number
}

export type Mutable<T> = { -readonly [K in keyof T]: T[K] }
export type StatsCounter = Mutable<Omit<IntakeStats, 'deadLetters'>> & {
  readonly deadLetters: Partial<Record<DeadLetterReason, number>>
}

export const createStats = (): StatsCounter => ({
  messages: 0,
  readings: 0,
  rejectedValues: 0,
  deadLetters: {},
  deadLetterReadings: 0,
  unacknowledged: 0,
  event: 0,
  status: 0,
  score: 0,
  ignored: 0,
  rebirthRequests: 0,
  seqGaps: 0,
  reboots: 0,
})
