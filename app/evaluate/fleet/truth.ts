import { lifeEventKinds } from '../../../core/device.ts'
import { endsInFailure, type ObservedLife } from '../../../models/evaluation/maintenance/outcome.ts'
import { type LifeMoment, timelineOf } from '../../../models/training/labels/timeline.ts'

/**
 * What can be said of a device: its life events; `first_sign`, from when on the fault that ends in the next failure could
 * be seen; `healthy`, somebody looked, or knows, and no fault was under way.
 */
export const truthKinds = [...lifeEventKinds, 'first_sign', 'healthy'] as const

export interface TruthMoment {
  readonly device: string
  /** ms since the epoch. */
  readonly time: number
  readonly kind: (typeof truthKinds)[number]
  /** Failure mode of the catalogue, where it is known. */
  readonly mode?: string | undefined
  /** Of a failure: no warning was physically possible. */
  readonly sudden?: boolean | undefined
}

/** A stretch of a device's life, with what only the truth knows. Times in ms. */
export interface TrueLife extends ObservedLife {
  readonly sudden: boolean
  /** First sign of the fault that ends it; null where nobody knows. */
  readonly firstSign: number | null
}

/** The moments that the device itself tells, which the policy hears of. */
export const lifeEventsOf = (truth: readonly TruthMoment[]): LifeMoment[] =>
  truth
    .filter((moment): moment is TruthMoment & LifeMoment =>
      lifeEventKinds.some((kind) => kind === moment.kind),
    )
    .map(({ device, time, kind, mode }) => ({ device, time, kind, mode }))

/** The lives of one device that readings from `first` to `last` cover. */
export function trueLives(
  device: string,
  truth: readonly TruthMoment[],
  [first, last]: readonly [number, number],
): TrueLife[] {
  return timelineOf(lifeEventsOf(truth), [])
    .parts.map(({ after, until, end, mode }): TrueLife => {
      const within = truth.filter(({ time }) => time > after && time <= until)
      const newest = (kind: TruthMoment['kind']) => within.filter((m) => m.kind === kind).at(-1)
      const life = { end, mode: mode ?? newest('first_sign')?.mode ?? null }
      return {
        ...life,
        device,
        // The window that ends with the very first reading belongs to it.
        from: Math.max(after, first - 1),
        until: end === 'running' || end === 'stopped' ? Math.min(until, last) : until,
        healthyUntil: newest('healthy')?.time ?? null,
        sudden: endsInFailure(life) && newest('failed')?.sudden === true,
        firstSign: newest('first_sign')?.time ?? null,
      }
    })
    .filter(({ from, until }) => from < until && from < last)
}
