import { z } from 'zod'
import { automationLevels } from '../../../core/policySetting.ts'
import { list, time } from './common.ts'

const threshold = z.object({
  kind: z.literal('threshold'),
  assetType: z.string(),
  raiseAt: z.number().nullable().describe('null: as the configuration says'),
  perWeek: z.number().nullable().describe('the alert budget that it follows from; null: set by hand'),
})

const automationLevel = z.enum(automationLevels)

const automation = z.object({
  kind: z.literal('automation'),
  assetType: z.string(),
  mode: z.string(),
  level: automationLevel,
})

const setting = z.discriminatedUnion('kind', [threshold, automation])

export const settingChange = z
  .object({
    id: z.int(),
    at: time,
    actor: z.string(),
    reason: z.string(),
    before: setting.nullable().describe('null where the configuration counted until then'),
    after: setting,
    figures: z.record(z.string(), z.number()).describe('the numbers behind it'),
  })
  .meta({ id: 'SettingChange' })
export type SettingChange = z.infer<typeof settingChange>

export const modeAutomation = z
  .object({
    mode: z.string(),
    level: automationLevel.describe(
      'shadow: no ticket, the raise is remembered; suggest: the ticket waits for a planner; automatic',
    ),
    right: z.int().describe('outcomes since the level was set, at most the newest 50'),
    wrong: z.int(),
    lower: z.number().describe('lower 90 % confidence bound of the share that was right'),
    change: settingChange.nullable().describe('who set it; null where the configuration counts'),
  })
  .meta({ id: 'ModeAutomation' })
export type ModeAutomation = z.infer<typeof modeAutomation>

export const typePolicy = z
  .object({
    assetType: z.string(),
    raiseAt: z.number().describe('failure probability at which a window counts'),
    clearBelow: z.number(),
    k: z.int(),
    n: z.int(),
    perWeek: z.number().nullable().describe('alert budget, tickets a week; null without one'),
    change: settingChange.nullable().describe('who set the threshold; null where the configuration counts'),
    automation: list(modeAutomation),
  })
  .meta({ id: 'TypePolicy' })
export type TypePolicy = z.infer<typeof typePolicy>

export const policyAnswer = z.object({
  types: list(typePolicy),
  history: list(settingChange).describe('the newest 100, newest first'),
})
export type PolicyAnswer = z.infer<typeof policyAnswer>

const triedThreshold = z
  .object({
    raiseAt: z.number(),
    clearBelow: z.number(),
    raised: z.int(),
    perWeek: z.number(),
    busiestWeek: z.int().describe('the most in one week, counted back from the end'),
    right: z.int().describe('a failure followed within the horizon'),
    early: z.int().describe('a failure followed, but after the horizon'),
    false: z.int().describe('the machine lived on, or a planner found nothing'),
    undecided: z.int().describe('nobody knows yet'),
    found: z.int().describe('failures told in time'),
    late: z.int().describe('failures told too late for the repair to be planned'),
    toldEarly: z.int().describe('failures told only before the horizon'),
    missed: z.int().describe('failures not told'),
    tickets: list(
      z.object({
        device: z.string(),
        at: time,
        mode: z.string().nullable().describe('as the nearest real ticket suspects; null without one'),
        outcome: z.enum(['found', 'late', 'early', 'false', 'undecided']),
        lead: z.number().nullable().describe('until the failure, usage units'),
      }),
    ).describe('the newest 200, newest first'),
    failures: list(
      z.object({
        device: z.string(),
        at: time,
        mode: z.string().nullable(),
        outcome: z.enum(['found', 'late', 'early', 'missed']),
      }),
    ).describe('the newest 200, newest first'),
  })
  .meta({ id: 'TriedThreshold' })

export const budgetPreview = z
  .object({
    assetType: z.string(),
    perWeek: z.number().nullable().describe('the budget that was asked for, else the one that is set'),
    present: z.number().describe('the threshold that counts at the moment'),
    chosen: z.number().nullable().describe('the threshold that the budget leads to; null: it stays'),
    reason: z.string(),
    from: time.describe('window end of the first score'),
    until: time.describe('window end of the last score'),
    days: z.number(),
    devices: z.int(),
    scores: z.int(),
    seconds: z.number().describe('how long the replay took'),
    rows: list(triedThreshold).describe('thresholds in rising order'),
  })
  .meta({ id: 'BudgetPreview' })
export type BudgetPreview = z.infer<typeof budgetPreview>

export const policyParams = z.object({ assetType: z.string().min(1).max(64) })
export const automationParams = policyParams.extend({ mode: z.string().min(1).max(64) })

const perWeek = z.number().nonnegative().max(1_000_000)
export const previewQuery = z.object({
  perWeek: z.coerce
    .number()
    .nonnegative()
    .max(1_000_000)
    .optional()
    .describe('default: the budget that is set'),
})

const by = z.object({
  actor: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .describe('who does it; left out: the name of the token, where there are tokens'),
  reason: z.string().trim().min(1).max(2_000),
})
export const budgetBody = by.extend({
  perWeek: perWeek.nullable().describe('tickets a week; null: no budget, the threshold of the configuration'),
})
export const thresholdBody = by.extend({
  raiseAt: z.number().gt(0).max(1).nullable().describe('null: as the configuration says'),
})
export const automationBody = by.extend({ level: automationLevel })
