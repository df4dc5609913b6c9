import type { AssetType } from '../../core/catalogue.ts'
import type { Rows } from '../features/compute.ts'
import type { FeatureSpec } from '../features/spec.ts'
import type { Conformal } from './conformal.ts'

/**
 * How much of a machine's past a window shows: all that its model would ever look at, less because watching began later
 * (or a hole cut it short), or not even its usage. Each has intervals of its own.
 */
export type Past = 'whole' | 'late' | 'unknown'

/** The past behind a window of `rows` used rows whose newest row tells this usage (NaN: it does not). */
export function pastOf(
  { window, usage }: Pick<AssetType, 'window' | 'usage'>,
  told: number,
  rows: number,
): Past {
  if (Number.isNaN(told)) return 'unknown'
  const missing = told / usage.perSlot - rows
  return rows >= window.length || missing <= window.maxHeld ? 'whole' : 'late'
}

/** The widening of intervals by past; a model that asks for its usage has one for all. */
export interface Conformals {
  readonly conformal: Conformal
  readonly conformalLate?: Conformal | undefined
  readonly conformalUnknown?: Conformal | undefined
}

/** Chooses the widening for a window that is used from row `from` on. */
export function compileConformal(
  type: AssetType,
  { usage }: Pick<FeatureSpec, 'usage'>,
  { conformal, conformalLate = conformal, conformalUnknown = conformal }: Conformals,
): (window: Rows, from: number) => Conformal {
  const column = type.channels.findIndex(({ name }) => name === usage)
  const by = { whole: conformal, late: conformalLate, unknown: conformalUnknown }
  if (column < 0) return () => conformal
  return ({ values, rows, channels }, from) =>
    by[pastOf(type, values[(rows - 1) * channels + column]!, rows - from)]
}
