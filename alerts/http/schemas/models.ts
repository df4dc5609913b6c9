import { z } from 'zod'
import { modelActions } from '../../../core/model.ts'
import { list, time } from './common.ts'

export const modelVersion = z
  .object({
    assetType: z.string(),
    hash: z.string().describe('identifies the version, and every score that it makes'),
    kinds: list(z.string()),
    trainedAt: z.string(),
    seed: z.int(),
    data: z.object({ name: z.string(), sha256: z.string(), devices: z.int(), rows: z.int() }),
    metrics: z.record(z.string(), z.number()).describe('from devices that trained nothing'),
  })
  .meta({ id: 'ModelVersion' })

export const modelDecision = z
  .object({
    number: z.int(),
    at: time,
    actor: z.string(),
    action: z.enum(modelActions),
    hash: z.string(),
    before: z.string().nullable().describe('the champion until then'),
    reason: z.string(),
    figures: z.record(z.string(), z.number()).optional(),
  })
  .meta({ id: 'ModelDecision' })

export const assetModels = z
  .object({
    assetType: z.string(),
    champion: z.string().nullable().describe('its scores count'),
    challenger: z.string().nullable().describe('scores in the shadow'),
    versions: list(modelVersion),
    decisions: list(modelDecision).describe('oldest first'),
  })
  .meta({ id: 'AssetModels' })
export type AssetModels = z.infer<typeof assetModels>

export const modelList = z.object({ models: list(assetModels) })
export type ModelList = z.infer<typeof modelList>

const figure = z.number().nullable().describe('null where too little is known')

export const comparison = z
  .object({
    assetType: z.string(),
    championHash: z.string(),
    challengerHash: z.string(),
    verdict: z.enum(['better', 'worse', 'undecided']),
    reason: z.string(),
    failures: z.int().describe('lives with windows before a failure'),
    healthy: z.int().describe('lives with windows without one in sight'),
    windows: z.int().describe('windows that both have scored, and whose outcome is known'),
    champion: figure.describe('Brier score, failing and healthy windows weighing alike'),
    challenger: figure,
    gain: figure,
    gainLow: figure.describe('95 % of resampled fleets gain more'),
    gainHigh: figure,
  })
  .meta({ id: 'Comparison' })

export type Comparison = z.infer<typeof comparison>

export const comparisonAnswer = z.object({
  comparison: comparison.nullable().describe('null without a challenger'),
})
export type ComparisonAnswer = z.infer<typeof comparisonAnswer>

export const modelWatch = z
  .object({
    assetType: z.string(),
    champion: z.string().nullable(),
    drift: z
      .object({
        windows: z.int().describe('scored windows that it is told from'),
        channels: list(
          z.object({
            channel: z.string().describe('a channel, or `anomaly`'),
            stabilityIndex: z.number().describe('against training; from 0.25 on a shift'),
          }),
        ).describe('the largest first'),
        drifting: list(z.string()).describe('channels whose index is a shift'),
        devices: list(
          z.object({
            device: z.string(),
            site: z.string(),
            channel: z.string(),
            shift: z.number().describe('mean, in standard deviations of training'),
          }),
        ).describe('devices that run where training never was'),
      })
      .nullable()
      .describe(
        'null in a process that does not score, and for a model that does not say what it was trained on',
      ),
    trackRecord: z.object({
      coverage: z
        .number()
        .nullable()
        .describe('share of remaining lives inside the 90 % interval; null before a failure'),
      windows: z.int(),
      width: z.number().nullable().describe('mean width of those intervals, usage units'),
      failures: z.int(),
      precision: list(
        z.object({ mode: z.string(), confirmed: z.int(), refuted: z.int(), precision: z.number() }),
      ).describe('verdicts on tickets by suspected mode'),
    }),
  })
  .meta({ id: 'ModelWatch' })
export type ModelWatch = z.infer<typeof modelWatch>

export const modelParams = z.object({ assetType: z.string().min(1).max(64) })

const actor = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .describe('who does it; left out: the name of the token, where there are tokens')
const reason = z.string().trim().min(1).max(2_000)
const version = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'expected the whole hash')
  .meta({ example: '3f'.repeat(32) })

export const rollbackBody = z.object({ actor, reason })
export const versionBody = rollbackBody.extend({ version })
export const promoteBody = rollbackBody.extend({
  version: version.optional().describe('default: the challenger'),
  force: z.boolean().default(false).describe('without having been better on known outcomes'),
})
