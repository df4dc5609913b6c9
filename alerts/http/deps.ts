import type { Registry } from 'prom-client'
import type { Catalogue } from '../../core/catalogue.ts'
import type { Config } from '../../core/config.ts'
import type { LifeEvent } from '../../core/device.ts'
import type { ModelDecision } from '../../core/model.ts'
import type {
  Clock,
  DeadLetters,
  DeviceAlarm,
  DeviceRegister,
  EventBus,
  LiveScore,
  Maintenance,
  ModelRegistry,
  Notices,
  PredictionQueue,
  ScoreStore,
  TelemetryStore,
  TicketStore,
} from '../../core/ports.ts'
import type { ScoringState } from '../../core/score.ts'
import type { TlsPair } from '../../core/tls.ts'
import type { PolicySettings } from '../policy/settings.ts'
import type { Health } from './schemas/health.ts'
import type { SimulatorState } from './schemas/simulator.ts'
import type { Summary } from './schemas/summary.ts'

/** What the scorer last said of a device. */
export interface DeviceState {
  readonly device: string
  readonly site: string
  readonly assetType: string
  readonly state: ScoringState
  /** Newest score, also when the device is not scored at the moment. */
  readonly score?: LiveScore | undefined
}

/** The simulated fleet, where there is one. */
export interface SimulatorControl {
  state(): SimulatorState
  /** Starts a fault of this mode now. Throws DEVICE_UNKNOWN, REQUEST_INVALID for an unknown mode. */
  break(device: string, mode: string): Promise<void> | void
  /** Heals the machine, whatever state it is in. Throws DEVICE_UNKNOWN. */
  repair(device: string): Promise<void> | void
}

/** The few things of a pino logger that the server uses; lines carry an object first. */
export interface ServerLogger {
  info(details: object, message: string): void
  warn(details: object, message: string): void
  error(details: object, message: string): void
}

/** Champion and challenger on windows whose outcome is known; a number is NaN where too little is known. */
export interface ModelComparison {
  readonly assetType: string
  readonly championHash: string
  readonly challengerHash: string
  readonly verdict: 'better' | 'worse' | 'undecided'
  readonly reason: string
  readonly failures: number
  readonly healthy: number
  readonly windows: number
  readonly champion: number
  readonly challenger: number
  readonly gain: number
  readonly gainLow: number
  readonly gainHigh: number
}

/** How far what is scored is from what trained. */
export interface ModelDrift {
  readonly windows: number
  readonly channels: readonly { readonly channel: string; readonly stabilityIndex: number }[]
  readonly drifting: readonly string[]
  readonly devices: readonly {
    readonly device: string
    readonly site: string
    readonly channel: string
    readonly shift: number
  }[]
}

/** What became of past forecasts. */
export interface ModelTrackRecord {
  readonly coverage: number | null
  readonly windows: number
  readonly width: number | null
  readonly failures: number
  readonly precision: readonly {
    readonly mode: string
    readonly confirmed: number
    readonly refuted: number
    readonly precision: number
  }[]
}

/** Versions of the models, and who says which one is better. */
export interface ModelsDeps {
  readonly registry: Pick<ModelRegistry, 'inForce' | 'versions' | 'decisions' | 'decide'>
  /** Of a process that scores; undefined elsewhere, and where the model does not say what it was trained on. */
  drift(assetType: string): ModelDrift | undefined
  trackRecord(assetType: string): Promise<ModelTrackRecord | undefined>
  readonly referee: {
    /** Null without a challenger. */
    compare(assetType: string): Promise<ModelComparison | null>
    /** Throws MODEL_NOT_BETTER, and what the registry throws. */
    promote(
      assetType: string,
      wish: { hash?: string | undefined; actor: string; reason: string; force: boolean },
    ): Promise<ModelDecision>
  }
}

/** Everything the HTTP server is made of; `app` fills it in. */
export interface ServerDeps {
  readonly catalogue: Catalogue
  readonly tickets: TicketStore
  readonly register: DeviceRegister
  readonly telemetry: Pick<TelemetryStore, 'window' | 'trend'>
  readonly scores: Pick<ScoreStore, 'scores'>
  readonly models: ModelsDeps
  readonly queue: Pick<PredictionQueue, 'failed' | 'retry'>
  readonly deadLetters: Pick<DeadLetters, 'list' | 'counts'>
  readonly maintenance: Maintenance
  readonly notices: Pick<Notices, 'list'>
  readonly bus: EventBus
  readonly clock: Clock
  /** Latest state of every device the scorer knows, by device. */
  states(): ReadonlyMap<string, DeviceState>
  /** What the policy remembers of a device. */
  alarm(device: string): Promise<DeviceAlarm | undefined>
  /** Keeps a life event that a person told: the register, and what else has to hear of it (the policy's reset). */
  lifeEvent(event: LifeEvent): Promise<void>
  summary(): Promise<Summary>
  health(): Promise<Health>
  readonly policy: PolicySettings
  readonly http: Config['http']
  /** What http.tlsCert and http.tlsKey hold; with it the server speaks https. */
  readonly tls?: TlsPair | undefined
  readonly logger: ServerLogger
  /** Metrics of other parts to show beside the server's own; one is made where none is given. */
  readonly metrics?: Registry | undefined
  readonly simulator?: SimulatorControl | undefined
  /** The built page (dist/web); without it / says how to build it. */
  readonly webFolder?: string | undefined
  /** Version shown in the API document. */
  readonly version?: string | undefined
}
