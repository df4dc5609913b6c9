import { z } from 'zod'
import { priorityLevels } from '../../../core/priority.ts'
import { time } from './common.ts'

export const priorityLevel = z.enum(priorityLevels)

/** How pressing a ticket is: risk over the cost of acting, weighed by the device's criticality. */
export const ticketPriority = z
  .object({
    level: priorityLevel,
    score: z.number().describe('probability x consequence x weight'),
    probability: z.number().describe('of a failure within the horizon'),
    consequence: z.number().describe('cost of failure over cost of the planned repair'),
    consequenceFrom: z
      .enum(['mode', 'type', 'assumed'])
      .describe('whose costs: the suspected mode’s, those of all modes together, or nobody’s'),
    criticality: z.enum(['low', 'medium', 'high']),
    weight: z.number().describe('of the criticality'),
    argument: z.string().describe('the same in words'),
  })
  .meta({ id: 'TicketPriority' })
export type TicketPriority = z.infer<typeof ticketPriority>

/** Until when somebody has to act, and what that follows from. */
export const actBy = z
  .object({
    at: time.describe('last working moment at which the work can begin and still end before the early end'),
    earlyEnd: time.describe(
      'when the early end of the interval (p05) is used up: one in twenty fails sooner',
    ),
    atLeast: z.boolean().describe('the interval’s early end is at the cap: it lasts so long or longer'),
    lead: z.number().describe('usage that planning and doing the work take'),
    usagePerDay: z.number(),
    orderBy: time.nullable().describe('last working moment to order parts; null: nothing to wait for'),
    timeZone: z.string().describe('of the working calendar'),
    tooLate: z.boolean().describe('`at` has passed'),
    partsTooLate: z.boolean().describe('`orderBy` has passed'),
    argument: z.string().describe('the same in words'),
  })
  .meta({ id: 'ActBy' })
export type ActBy = z.infer<typeof actBy>
