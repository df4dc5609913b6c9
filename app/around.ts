import type { Logger } from 'pino'
import type { Catalogue } from '../core/catalogue.ts'
import type { Clock } from '../core/clock.ts'
import type { Config } from '../core/config.ts'
import type { Role } from '../core/configSchema.ts'
import type { Closers } from './closers.ts'

/** What every part of a process is given. */
export interface Around {
  readonly config: Config
  readonly catalogue: Catalogue
  readonly clock: Clock
  /** What people take for now: tickets and decisions are dated by it. The same clock, but where time is simulated. */
  readonly today: Clock
  readonly logger: Logger
  readonly startedAt: number
  readonly closers: Closers
  /** The process is to end, though it may not have started yet. */
  readonly stopping: AbortSignal
  has(role: Role): boolean
  /** Something without which the process is of no use has ended. */
  onFatal(error: unknown): void
}
