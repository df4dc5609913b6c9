import type { AssetType } from '../../core/catalogue.ts'
import type { NotScoredReason } from '../../core/score.ts'
import type { AssetModel, FitWindow, Verdict } from '../scoring/assetModel.ts'
import { alignWindow } from '../windows/align.ts'
import { onStride, type Row, sameSlot, slotOf } from '../windows/row.ts'

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
  const outcomes: (Refused | Accepted)[] = rows.flatMap((row, end) =>
    onStride(type, row) ? [judge(type, model, rows, end)] : [],
  )
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

function judge(type: AssetType, model: AssetModel, rows: readonly Row[], end: number): Refused | Accepted {
  const windowEnd = rows[end]!.time
  const alignment = alignWindow(type, rows, end)
  if ('reason' in alignment) return { windowEnd, reason: alignment.reason }
  const fitness = model.fitness(alignment.window)
  return 'reason' in fitness
    ? { windowEnd, reason: fitness.reason }
    : { windowEnd, window: alignment.window, from: fitness.from }
}

/** In order of time, one reading a slot. */
function rowsOf(type: AssetType, recording: readonly Recorded[]): Row[] {
  const rows: Row[] = []
  for (const { time, values } of [...recording].sort((a, b) => a.time - b.time)) {
    const row = { time, values, slot: slotOf(type, time, values), publishedAt: Number.NaN }
    if (!sameSlot(rows.at(-1), row)) rows.push(row)
  }
  return rows
}
