import { z } from 'zod'
import { type ErrorCode, errorCatalogue } from '../../../core/errors.ts'

/** Milliseconds since the epoch. */
export const time = z.number().describe('milliseconds since the epoch')

/** A list as it leaves the API: read only, like the arrays of core. */
export const list = <T extends z.ZodType>(item: T) => z.array(item).readonly()

/** An error as problem+json (RFC 9457), with the catalogue's code and the way out beside the standard members. */
export const problem = z
  .object({
    type: z.string().describe('urn:forewarn:error:<code>; docs/errors.md describes each'),
    title: z.string().describe('what kind of error, the same for every occurrence'),
    status: z.int(),
    detail: z.string().describe('what went wrong this time'),
    instance: z.string().describe('the path that was asked for'),
    code: z.enum(Object.keys(errorCatalogue) as [ErrorCode, ...ErrorCode[]]),
    next: z.enum(['retry', 'drop', 'stop']).describe('what the caller does next'),
    remedy: z.string().describe('the way out, in words'),
    errors: list(z.object({ path: z.string(), problem: z.string() }))
      .optional()
      .describe('REQUEST_INVALID only: every place that is wrong'),
    changes: list(z.object({ at: time, actor: z.string(), kind: z.string() }))
      .optional()
      .describe('TICKET_STALE only: who changed what since the version that was edited'),
  })
  .meta({ id: 'Problem' })
export type Problem = z.infer<typeof problem>

/** Answer of an action that has nothing more to say. */
export const done = z.object({ ok: z.literal(true) })
export type Done = z.infer<typeof done>

export const deviceParams = z.object({ device: z.string().min(1).max(200) })
/** Ids are 32 bit numbers in the database. */
export const ticketParams = z.object({ id: z.coerce.number().int().positive().max(2_147_483_647) })
