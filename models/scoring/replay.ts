import type { NotScoredReason } from '../../core/score.ts'
import type { AssetModel, Verdict } from './assetModel.ts'

/** A window as it is kept with a score. */
export interface KeptWindow {
  /** `rows` x `channels` values, row by row. */
  readonly window: Float32Array
  readonly rows: number
  readonly channels: number
  /** Event time of each row, ms. */
  readonly times: Float64Array
}

/**
 * Scores a kept window again. On the same model and backend it gives the same bits: a score is a function of its window
 * alone. Which rows were held is not kept; it only tells a stuck sensor, and a window that was scored had none.
 */
export function replayWindow(model: AssetModel, kept: KeptWindow): Verdict | { reason: NotScoredReason } {
  const { window: values, rows, channels, times } = kept
  const held = new Array<boolean>(rows).fill(true)
  const fitness = model.fitness({ values, rows, channels, times, held, publishedAt: Number.NaN })
  if ('reason' in fitness) return fitness
  return model.score([{ window: { values, rows, channels }, from: fitness.from }])[0]!
}
