import type { SimulatorControl } from '../alerts/http/deps.ts'
import type { Catalogue } from '../core/catalogue.ts'
import type { Clock } from '../core/clock.ts'
import type { Config } from '../core/config.ts'
import type { DeadLetters, ReadingLog, TicketStore } from '../core/ports.ts'
import type { AckLatency } from '../ingest/ackLatency.ts'
import type { Broker } from '../ingest/broker/broker.ts'
import type { Intake } from '../ingest/intake.ts'
import type { StoreHandle } from '../ingest/stores/host.ts'
import type { FleetState } from './fleetState.ts'
import type { QueueLook } from './queueLook.ts'
import type { ScorerThread } from './threads/scorerThread.ts'

/** A publisher of ours in the same process: it alone can say what was sent. */
export interface Publisher {
  readonly control?: SimulatorControl
  sent(): number
  close(): Promise<void>
}

/** Everything that counts something. */
export interface Accounts {
  readonly catalogue: Catalogue
  readonly clock: Clock
  readonly startedAt: number
  readonly config: Config
  readonly log: ReadingLog & { readonly deadLetters: DeadLetters }
  readonly store: StoreHandle
  readonly queue: () => Promise<QueueLook>
  readonly tickets: TicketStore
  readonly intake: Intake
  /** Of what the intake acknowledged. */
  readonly latency: AckLatency
  readonly broker: Broker
  readonly scorer: ScorerThread
  readonly fleet: FleetState
  readonly publisher: Publisher | undefined
}
