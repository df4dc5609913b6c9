import { z } from 'zod'
import { list, problem } from './common.ts'
import { actor, note, ticket, ticketStep } from './tickets.ts'

const version = z.int().positive().max(2_147_483_647)
const id = z.int().positive().max(2_147_483_647)

/** Body of the acknowledgement of many. */
export const acknowledgeMany = z.object({
  actor,
  note,
  tickets: z.array(z.object({ id, version })).min(1).max(500).describe('each with the version that was seen'),
})
export type AcknowledgeMany = z.input<typeof acknowledgeMany>

/** What became of one of many. */
export const oneOfMany = z
  .discriminatedUnion('ok', [
    z.object({ ok: z.literal(true), id: z.int(), ticket }),
    z.object({ ok: z.literal(false), id: z.int(), problem }),
  ])
  .meta({ id: 'OneOfMany' })
export const manyAnswered = z.object({ results: list(oneOfMany).describe('in the order that was asked') })
export type ManyAnswered = z.infer<typeof manyAnswered>

/** Body of reopen. */
export const ticketReopen = z.object({ actor, version, reason: z.string().trim().min(1).max(10_000) })
export type TicketReopen = z.input<typeof ticketReopen>

/** Body of merge. */
export const ticketMerge = ticketStep.extend({ into: id.describe('the ticket that goes on with it') })
export type TicketMerge = z.input<typeof ticketMerge>

/** Body of split. */
export const ticketSplit = ticketStep.extend({
  device: z.string().min(1).max(200).optional().describe('of a disturbance: the device that leaves it'),
  mode: z.string().max(200).optional().describe('the suspicion that gets a ticket of its own'),
})
export type TicketSplit = z.input<typeof ticketSplit>
