import type { AssetType } from '../../core/catalogue.ts'
import type { NotScoredReason } from '../../core/score.ts'
import type { AssetModel, FitWindow, Verdict } from '../scoring/assetModel.ts'
import { alignWindow } from '../windows/align.ts'
import { RowBuffer } from '../windows/rowBuffer.ts'
import { shapeOf } from '../windows/shape.ts'
import { Slab } from '../windows/slab.ts'
import { onStride, slotOf } from '../windows/slot.ts'

/** One reading of a finished recording. */
export interface Recorded {
  readonly time: number
  readonly values: Float32Array
}

export type BatchOutcome = { readonly windowEnd: number } & (
  | { readonly verdict: Verdict }
  | { readonly reason: NotScoredReason }
)

/**
 * Scores a whole recording at once, as it lies on disk: no watermark, nothing late, every window with all that the
 * recording holds. A stream must come to the same numbers.
 */
export function scoreRecording(
  type: AssetType,
  model: AssetModel,
  recording: readonly Recorded[],
): BatchOutcome[] {
  const rows = rowsOf(type, recording)
  const slab = new Slab()
  const outcomes: (Refused | Accepted)[] = []
  for (let end = 0; end < rows.length; end++)
    if (onStride(rows.slot(end), type.window.stride)) outcomes.push(judge(model, rows, end, slab))
  const accepted = outcomes.filter((o) => 'window' in o)
  const verdicts = model.score(accepted)
  const verdictOf = new Map(accepted.map((o, i) => [o, verdicts[i]!]))
  return outcomes.map((o) => ('window' in o ? { windowEnd: o.windowEnd, verdict: verdictOf.get(o)! } : o))
}

interface Refused {
  readonly windowEnd: number
  readonly reason: NotScoredReason
}

interface Accepted extends FitWindow {
  readonly windowEnd: number
}

function judge(model: AssetModel, rows: RowBuffer, end: number, slab: Slab): Refused | Accepted {
  const windowEnd = rows.time(end)
  const alignment = alignWindow(rows, end, slab)
  if ('reason' in alignment) return { windowEnd, reason: alignment.reason }
  const fitness = model.fitness(alignment.window)
  return 'reason' in fitness
    ? { windowEnd, reason: fitness.reason }
    : { windowEnd, window: alignment.window, from: fitness.from }
}

/** In order of time, one reading a slot. */
function rowsOf(type: AssetType, recording: readonly Recorded[]): RowBuffer {
  const rows = new RowBuffer(shapeOf(type))
  for (const { time, values } of [...recording].sort((a, b) => a.time - b.time)) {
    if (!rows.isTaken(rows.length - 1, time, slotOf(rows.shape, time, values)))
      rows.insert(rows.length, time, values, Number.NaN)
  }
  return rows
}
