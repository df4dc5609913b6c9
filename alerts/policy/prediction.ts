import { createHash } from 'node:crypto'
import type { Score } from '../../core/score.ts'
import type { Automation, Prediction } from '../../core/ticket.ts'
import type { DecisionReason } from './decision.ts'
import { packEvidence } from './evidence.ts'

/** sha256 of (device, windowEnd, model): the same deciding window always makes the same id, whoever decides again. */
export const predictionId = (score: Pick<Score, 'device' | 'windowEnd' | 'model'>): string =>
  createHash('sha256')
    .update(JSON.stringify([score.device, score.windowEnd, score.model]))
    .digest('hex')

/** What is sent to the queue when `score` decided. Times in ms; `now` is the clock's. */
export function predictionOf(
  score: Score,
  decided: { mode: string; raisedAt: number; reason: DecisionReason; now: number; automation?: Automation },
): Prediction {
  return {
    id: predictionId(score),
    device: score.device,
    site: score.site,
    assetType: score.assetType,
    mode: decided.mode,
    decidedAt: decided.now,
    windowEnd: score.windowEnd,
    raisedAt: decided.raisedAt,
    reason: decided.reason,
    automation: decided.automation ?? 'automatic',
    anomaly: score.anomaly,
    failureProbability: score.failureProbability,
    rul: score.rul,
    basis: score.basis,
    contributions: score.contributions,
    model: score.model,
    publishedAt: Number.isFinite(score.publishedAt) ? score.publishedAt : null,
    evidence: packEvidence(score.evidence),
  }
}
