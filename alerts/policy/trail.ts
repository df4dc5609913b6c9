import type { DecisionRun } from '../../core/ports.ts'
import type { Decision } from './decision.ts'

/** More are forgotten, the oldest first. A quiet device has one run for years; one that flaps has two an hour. */
export const trailLength = 30

type Told = Pick<Decision, 'kind' | 'reason' | 'detail'>

/**
 * The trail with one more decision about the window that ended at `end`, ms. Like decisions in a row are one run, so that
 * a device costs a few hundred bytes and no row a window. Evidence that is sent while an alarm stands is no news of its
 * own: it goes on in the run of the standing alarm, or a long alarm would push out how it began. An event that decides
 * counts no window.
 */
export function extendTrail(
  trail: readonly DecisionRun[] | undefined,
  { kind, reason, detail }: Told,
  end: number,
  windows = 1,
): readonly DecisionRun[] {
  const last = trail?.at(-1)
  if (trail === undefined || last === undefined) return [begin(kind, reason, detail, end, windows)]
  const same = last.kind === kind && last.reason === reason && last.detail === detail
  const goesOn = reason === 'fresh_evidence' && (last.reason === 'still_raised' || last.reason === 'calming')
  if (!same && !goesOn) return [...trail.slice(1 - trailLength), begin(kind, reason, detail, end, windows)]
  const longer = { ...last, until: end, windows: last.windows + windows }
  return trail.length === 1 ? [longer] : [...trail.slice(0, -1), longer]
}

const begin = (
  kind: DecisionRun['kind'],
  reason: string,
  detail: string | undefined,
  end: number,
  windows: number,
): DecisionRun => ({ kind, reason, from: end, until: end, windows, ...(detail !== undefined && { detail }) })
