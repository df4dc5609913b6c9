import { z } from 'zod'
import { type DeadLetterReason, deadLetterReasons } from '../../../core/reading.ts'
import { list, time } from './common.ts'
import { health } from './health.ts'
import { ticketState } from './tickets.ts'

export const deadLetterReason = z.enum(
  Object.keys(deadLetterReasons) as [DeadLetterReason, ...DeadLetterReason[]],
)

/**
 * The installation at one look. Loss accounting, in readings:
 * sent = stored + duplicates + deadLettered + inLog + lost; `sent` and `lost` are null where no publisher of ours counts.
 */
export const summary = z
  .object({
    now: time,
    startedAt: time,
    devices: z.object({ known: z.int(), scored: z.int(), notScored: z.int() }),
    messages: z.object({
      total: z.int(),
      perSecond: z.number(),
      clients: z.int(),
      refusedClients: z.int().describe('connections with wrong or without credentials'),
    }),
    readings: z.object({
      sent: z.int().nullable(),
      accepted: z.int(),
      stored: z.int(),
      duplicates: z.int(),
      deadLettered: z.int().describe('readings in dead letters'),
      inLog: z.int().describe('logged and acknowledged, not yet stored'),
      lost: z.int().nullable(),
      valuesRejected: z.int(),
    }),
    deadLetters: z.partialRecord(deadLetterReason, z.int()).describe('dead letters by reason'),
    log: z.object({
      bytes: z.number(),
      maxBytes: z.number(),
      behind: z.record(z.string(), z.int()).describe('readings a consumer has not committed'),
      oldestAgeMs: z.number(),
    }),
    ackLatencyMs: z
      .object({ p50: z.number().nullable(), p99: z.number().nullable() })
      .describe(
        'from the arrival of a message until it is durable, of some ten seconds; null where none came',
      ),
    store: z.object({ state: z.enum(['ok', 'retrying', 'stopped']), error: z.string().nullable() }),
    queue: z.object({ waiting: z.int(), active: z.int(), delayed: z.int(), failed: z.int() }),
    scoring: z.object({
      scored: z.int(),
      late: z.int(),
      numTensors: z.int(),
      backend: z.string(),
      simd: z.boolean(),
      models: list(
        z.object({
          assetType: z.string(),
          role: z.enum(['champion', 'challenger']).describe('a challenger scores in the shadow'),
          kind: z.string(),
          hash: z.string(),
        }),
      ),
    }),
    tickets: z.partialRecord(ticketState, z.int()),
    publishToTicketMs: z
      .object({ newest: z.number().nullable(), median: z.number().nullable() })
      .describe('of the newest tickets; null where the publisher gives no time'),
    health,
  })
  .meta({ id: 'Summary' })
export type Summary = z.infer<typeof summary>
