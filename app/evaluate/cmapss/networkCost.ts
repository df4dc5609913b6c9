import type { AssetType } from '../../../core/catalogue.ts'
import { type ForecasterParts, predict } from '../../../models/evaluation/benchmark.ts'
import type { Rows } from '../../../models/features/compute.ts'

/** What a deployed network takes. */
export interface NetworkCost {
  /** Of its weights, as Float32. */
  readonly bytes: number
  /** From a window to its interval, one window a call. */
  readonly singleMs: number
  /** The same a window, 256 windows a call. */
  readonly batchedMs: number
  /** To train it, with the networks that calibrate it. */
  readonly trainSeconds: number
}

const calls = 50

export function costOf(
  type: AssetType,
  parts: ForecasterParts,
  windows: readonly Rows[],
  trainSeconds: number,
): NetworkCost {
  const batch = windows.slice(0, 256)
  const numbers = parts.members.reduce((sum, member) => sum + member.countParams(), 0)
  return {
    bytes: 4 * numbers,
    singleMs: medianMs((call) => predict(type, parts, [windows[call % windows.length]!])),
    batchedMs: medianMs(() => predict(type, parts, batch)) / batch.length,
    trainSeconds,
  }
}

/** Median time of a call: what else the machine does then counts little. */
function medianMs(work: (call: number) => unknown): number {
  const times = Array.from({ length: calls }, (_, call) => {
    const started = performance.now()
    work(call)
    return performance.now() - started
  }).sort((a, b) => a - b)
  return times[calls / 2]!
}
