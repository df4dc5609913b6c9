import type { AssetType } from '../../../core/catalogue.ts'
import type { Config } from '../../../core/config.ts'
import type { ErrorCode } from '../../../core/errors.ts'
import type { PumpPlan } from '../../../edge/simulator/unseenFleet.ts'
import type { BackendChoice } from '../../../models/backend.ts'
import type { DeviceSeries } from '../../../models/training/series.ts'
import type { WatchedDevice } from './figures.ts'
import type { FixedLimits } from './fixedLimits.ts'
import type { TruthMoment } from './truth.ts'

/** What a judging thread is told at its start. */
export interface JudgeStart {
  readonly type: AssetType
  readonly modelFolder: string
  readonly policy: Config['policy']
  readonly backend: BackendChoice
}

/** A device with its truth: recorded, or still to be simulated. */
export type Subject =
  | { readonly plan: PumpPlan }
  | { readonly series: DeviceSeries; readonly truth: readonly TruthMoment[] }

/** Work for a thread; `tune` chooses the rule's limits on other fleets. */
export type Task =
  | { readonly kind: 'device'; readonly subject: Subject; readonly limits: FixedLimits }
  | { readonly kind: 'tune'; readonly devices: number; readonly days: number }

/** One device as forewarn and as the rule told it. */
export interface DeviceResult {
  readonly readings: number
  readonly windows: number
  readonly forewarn: WatchedDevice
  readonly rule: WatchedDevice
}

/** Which model judged. */
export interface Judged {
  readonly model: string
  readonly backend: string
}

export type ToJudge = { readonly kind: 'task'; readonly task: Task } | { readonly kind: 'close' }

export type FromJudge =
  | ({ readonly kind: 'ready' } & Judged)
  | { readonly kind: 'device'; readonly result: DeviceResult }
  | { readonly kind: 'tuned'; readonly limits: FixedLimits }
  | {
      readonly kind: 'failed'
      readonly error: { readonly code: ErrorCode; readonly details: Readonly<Record<string, unknown>> }
    }
