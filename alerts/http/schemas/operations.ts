import { z } from 'zod'
import { list, time } from './common.ts'
import { deadLetterReason } from './summary.ts'
import { prediction } from './tickets.ts'

export const deadLetterQuery = z.object({
  reason: deadLetterReason.optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
})
export type DeadLetterQuery = z.input<typeof deadLetterQuery>

export const deadLetterView = z
  .object({
    id: z.string(),
    at: time,
    reason: deadLetterReason,
    reasonText: z.string(),
    detail: z.string(),
    topic: z.string(),
    readings: z.int(),
    bytes: z.int().describe('size of the original payload'),
    preview: z.string().describe('its first 500 bytes read as UTF-8'),
  })
  .meta({ id: 'DeadLetter' })
export type DeadLetterView = z.infer<typeof deadLetterView>

export const deadLetterList = z.object({
  deadLetters: list(deadLetterView),
  counts: z.partialRecord(deadLetterReason, z.int()).describe('since the data folder was made'),
  readings: z.int().describe('readings in all dead letters'),
})
export type DeadLetterList = z.infer<typeof deadLetterList>

export const failedPrediction = z
  .object({ id: z.string(), prediction, attempts: z.int(), error: z.string() })
  .meta({ id: 'FailedPrediction' })
export type FailedPrediction = z.infer<typeof failedPrediction>

export const failedList = z.object({ failed: list(failedPrediction) })
export type FailedList = z.infer<typeof failedList>

export const failedParams = z.object({ id: z.string().min(1).max(200) })
