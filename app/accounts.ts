import type { SimulatorControl } from '../alerts/http/deps.ts'
import type { Role } from '../core/configSchema.ts'
import type { DeadLetterReason } from '../core/reading.ts'
import type { lossEquation } from './recorder/loss.ts'
import type { ScorerMetrics } from './threads/scorerProtocol.ts'

/** A publisher of ours in the same process: it alone can say what was sent. */
export interface Publisher {
  readonly control?: SimulatorControl
  sent(): number
  close(): Promise<void>
}

/** What an ingest process counts. */
export interface IngestAccount {
  readonly messages: {
    readonly total: number
    readonly perSecond: number
    readonly clients: number
    readonly refusedClients: number
  }
  /** Readings acknowledged, and single values left out, since the process started. */
  readonly accepted: number
  readonly valuesRejected: number
  readonly duplicates: number
  readonly deadLetters: {
    readonly byReason: Partial<Record<DeadLetterReason, number>>
    readonly readings: number
  }
  readonly log: {
    readonly bytes: number
    readonly maxBytes: number
    readonly behind: Readonly<Record<string, number>>
    readonly oldestAgeMs: number
    /** Age of the oldest reading behind the scorer's cursor. */
    readonly scoringLagMs: number
  }
  /** Over the last seconds, from a message's arrival until it is durable. */
  readonly ackLatencyMs: { readonly p50: number | null; readonly p99: number | null }
  /** Where the readings are that were acknowledged since the process started. */
  readonly loss: ReturnType<typeof lossEquation>
  readonly store: { readonly state: 'ok' | 'retrying' | 'stopped'; readonly error: string | null }
  /** Why nothing comes in; null while the way in is open. */
  readonly inletProblem: string | null
  /** Why readings do not reach the score processes; null while they do, or where none is needed. */
  readonly handoffProblem: string | null
}

/** What a score process counts. */
export interface ScoreAccount {
  readonly metrics: ScorerMetrics
  readonly problem: string | null
}

/** What one process of the installation counts. */
export interface ProcessAccount {
  readonly worker: string
  readonly roles: readonly Role[]
  readonly startedAt: number
  readonly ingest: IngestAccount | null
  readonly score: ScoreAccount | null
}

/** A process as the others see it; `gone` when it has not spoken for some seconds and did not say that it stops. */
export type SeenProcess = ProcessAccount & { readonly gone: boolean }

/** Every process of the installation. */
export interface Board {
  /** Rejects with HANDOFF_UNAVAILABLE where the other processes cannot be asked. */
  all(): Promise<readonly SeenProcess[]>
}
