import { z } from 'zod'
import { type NotScoredReason, notScoredReasons } from '../../../core/score.ts'
import { list, queryMoment, time } from './common.ts'

/** RUL quantiles in the asset type's usage unit; a value at the asset type's `rulCap` means "more than". */
export const rulQuantiles = z
  .object({ p05: z.number(), p10: z.number(), p50: z.number(), p90: z.number(), p95: z.number() })
  .meta({ id: 'RulQuantiles' })
export type RulQuantiles = z.infer<typeof rulQuantiles>

/** Channel name to its signed share of the deviation from healthy; absolute values sum to 1. */
export const contributions = z.record(z.string(), z.number())

const scoreRole = z.enum(['champion', 'challenger', 'edge'])

export const storedScore = z
  .object({
    device: z.string(),
    site: z.string(),
    assetType: z.string(),
    windowEnd: time,
    model: z.string(),
    role: scoreRole,
    anomaly: z.number().describe('tail probability 0 to 1: small means rare for a healthy machine'),
    rul: rulQuantiles,
    failureProbability: z.number().describe('probability of failure within the horizon, 0 to 1'),
  })
  .meta({ id: 'StoredScore' })
export type StoredScore = z.infer<typeof storedScore>

export const liveScore = storedScore
  .extend({ suspectedMode: z.string(), contributions })
  .meta({ id: 'LiveScore' })
export type LiveScore = z.infer<typeof liveScore>

/** A device is scored, or it is said why not; it is never silently healthy. */
export const scoringState = z
  .discriminatedUnion('state', [
    z.object({ state: z.literal('scored'), windowEnd: time }),
    z.object({
      state: z.literal('not_scored'),
      reason: z.enum(Object.keys(notScoredReasons) as [NotScoredReason, ...NotScoredReason[]]),
      since: time,
    }),
  ])
  .meta({ id: 'ScoringState' })
export type ScoringState = z.infer<typeof scoringState>

export const scoresQuery = z.object({
  from: queryMoment.optional().describe('default: one trend length before `to`'),
  to: queryMoment.optional().describe('default: just after the newest reading of the device'),
  limit: z.coerce.number().int().min(1).max(10_000).optional(),
  role: scoreRole.default('champion').describe('a challenger scores in the shadow: nothing follows from it'),
})
export type ScoresQuery = z.input<typeof scoresQuery>

export const scoreList = z.object({ from: time, to: time, scores: list(storedScore) })
export type ScoreList = z.infer<typeof scoreList>
