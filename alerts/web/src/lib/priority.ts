import type { RulQuantiles } from '../../../../core/score.ts'

/**
 * How soon someone must act: the forecast against the notice that planning the repair needs. Not a property of the
 * ticket but a reading of it, so it sharpens by itself as the interval narrows.
 */
export type Priority = 'urgent' | 'high' | 'normal'

export const priorityOrder: readonly Priority[] = ['urgent', 'high', 'normal']

export const priorityLabels: Readonly<Record<Priority, string>> = {
  urgent: 'Urgent',
  high: 'High',
  normal: 'Normal',
}

export const priorityColors: Readonly<Record<Priority, string>> = {
  urgent: 'red',
  high: 'orange',
  normal: 'gray',
}

export const priorityReasons: Readonly<Record<Priority, string>> = {
  urgent: 'it may fail before the repair can be planned',
  high: 'it will probably fail within twice the notice that planning needs',
  normal: 'there is time to plan the repair',
}

/** `rul` and `requiredLead` (the notice that planning needs) in the same usage unit. */
export function priorityOf(rul: RulQuantiles, requiredLead: number): Priority {
  if (rul.p10 <= requiredLead) return 'urgent'
  return rul.p50 <= 2 * requiredLead ? 'high' : 'normal'
}

/** Notice to assume where the catalogue has none for the mode: a third of the horizon. */
export const assumedLead = (horizon: number): number => horizon / 3
