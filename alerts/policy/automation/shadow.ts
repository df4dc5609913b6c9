import type { AssetType } from '../../../core/catalogue.ts'
import type { LifeEvent } from '../../../core/device.ts'
import type { ShadowRaise } from '../../../core/ports.ts'
import type { Outcome } from './level.ts'

/** A device's raises in the shadow beside what became of it. Event times, ms. */
export interface ShadowHistory {
  readonly device: string
  readonly assetType: string
  readonly raises: readonly ShadowRaise[]
  /** End of the newest window that was judged: so far its life is known. */
  readonly judgedUntil: number
  /** Oldest first. */
  readonly events: readonly Pick<LifeEvent, 'kind' | 'time'>[]
}

/** Right where it failed or was repaired within the horizon; wrong where it lived through it; else nobody knows (yet). */
export function shadowOutcome(
  { at, decidedAt }: ShadowRaise,
  { events, judgedUntil }: Pick<ShadowHistory, 'events' | 'judgedUntil'>,
  type: AssetType,
): Outcome | undefined {
  const end = at + horizonMs(type)
  const ending = events.find(({ kind, time }) => time >= at && time <= end && kind !== 'planned_stop')
  // Another machine stands in its place: what the old one would have done nobody will know.
  if (ending?.kind === 'installed' || ending?.kind === 'replaced') return undefined
  if (ending) return { right: true, at: decidedAt }
  return judgedUntil > end ? { right: false, at: decidedAt } : undefined
}

const horizonMs = ({ horizon, usage, cadenceMs }: AssetType): number => (horizon / usage.perSlot) * cadenceMs
