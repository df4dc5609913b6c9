import type { DeviceAlarm } from '../../core/ports.ts'
import type { Prediction } from '../../core/ticket.ts'

/** Every reason a decision can have, in words. Each decision names exactly one. */
export const decisionReasons = {
  not_champion: 'the score is of a challenger or of the edge: it is compared, never acted on',
  unknown_asset_type: 'the catalogue no longer has this asset type',
  already_judged: 'this window, or a newer one, was judged before',
  below_threshold: 'the failure probability is below the threshold',
  not_persistent: 'over the threshold, but not yet in k of the last n windows',
  persistent: 'over the threshold in k of the last n windows',
  all_calm: 'below the clearing threshold in all of the last n windows',
  mode_changed: 'k of the last n windows agree on another failure mode',
  fresh_evidence: 'the alarm stands and the evidence in its ticket has aged',
  still_raised: 'the alarm stands; its ticket has fresh evidence',
  calming: 'the alarm stands until all of the last n windows are calm',
  muted: 'maintenance or a planned stop is in force: the window counts neither for nor against',
  re_baselining:
    'the window still holds readings from before the machine was installed, repaired or replaced',
  inhibited_by_parent: 'over the threshold in k of the last n windows, but so is a device that it hangs on',
  renewed: 'the machine was installed, repaired or replaced: its alarm is over',
} as const

export type DecisionReason = keyof typeof decisionReasons

/**
 * What the policy makes of one score: `raise` and `update` carry a prediction for the queue, `clear` ends the alarm,
 * `hold` changes nothing outside.
 */
export type Decision =
  | {
      readonly kind: 'raise' | 'update'
      readonly reason: DecisionReason
      readonly prediction: Prediction
      readonly detail?: string | undefined
    }
  | {
      readonly kind: 'clear' | 'hold'
      readonly reason: DecisionReason
      readonly prediction?: undefined
      readonly detail?: string | undefined
    }

/** A decision and what the policy remembers after it. */
export interface Judgement {
  readonly alarm: DeviceAlarm
  readonly decision: Decision
}
