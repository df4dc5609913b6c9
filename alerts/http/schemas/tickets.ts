import { z } from 'zod'
import { ticketSorts } from '../../../core/ports.ts'
import { priorityLevels } from '../../../core/priority.ts'
import { ticketStates, verdicts } from '../../../core/ticket.ts'
import { actBy, priorityLevel, ticketPriority } from './assessment.ts'
import { list, time } from './common.ts'
import { contributions, rulQuantiles, storedScore } from './scores.ts'

export const ticketState = z.enum(ticketStates)
export const verdict = z.enum(verdicts)

/** The newest prediction behind a ticket; its evidence window has a route of its own. */
export const prediction = z
  .object({
    id: z.string(),
    device: z.string(),
    site: z.string(),
    assetType: z.string(),
    mode: z.string(),
    decidedAt: time,
    windowEnd: time,
    raisedAt: time.describe('window end at which the alarm behind it was raised'),
    reason: z.string().describe('named reason of the decision'),
    anomaly: z.number(),
    failureProbability: z.number(),
    rul: rulQuantiles,
    basis: z
      .enum(['learned', 'trend'])
      .optional()
      .describe('trend: no failure of this type was learned yet; learned where absent'),
    contributions,
    model: z.string(),
    publishedAt: time.nullable(),
    disturbance: z
      .object({ site: z.string(), devices: list(z.string()) })
      .optional()
      .describe('the devices of a site that raised at once; the mode is `disturbance` then'),
    automation: z.enum(['suggest', 'automatic']).optional().describe('automatic where absent'),
  })
  .meta({ id: 'Prediction' })
export type Prediction = z.infer<typeof prediction>

/** The same with its evidence as it was kept: what is needed to compute the score again. */
export const keptPrediction = prediction
  .extend({
    evidence: z.object({
      window: z.string().describe('base64 of the little-endian Float32 values, row by row'),
      rows: z.int(),
      channels: list(z.string()).describe('columns of the window'),
      times: list(time),
      sha256: z.string().describe('of the bytes of the window'),
      backend: z.string(),
      simd: z.boolean(),
    }),
  })
  .meta({ id: 'KeptPrediction' })
export type KeptPrediction = z.infer<typeof keptPrediction>

export const ticket = z
  .object({
    id: z.int(),
    device: z.string(),
    site: z.string(),
    assetType: z.string(),
    mode: z.string(),
    state: ticketState,
    version: z.int().describe('send it back with a change'),
    openedAt: time,
    updatedAt: time,
    closedAt: time.nullable(),
    scheduledFor: time.nullable(),
    verdict: verdict.nullable(),
    verdictMode: z.string().nullable(),
    prediction,
    predictions: z.int().describe('predictions merged into it, the first included'),
    publishToTicketMs: z.number().nullable(),
    priority: ticketPriority.nullable().describe('null in tickets from before there were any'),
    actBy: actBy.nullable().describe('null where the catalogue does not have the asset type, too'),
    automation: z.enum(['suggest', 'automatic']).describe('suggest: it waits for a planner’s word'),
    mergedInto: z.int().nullable().describe('the ticket that goes on with it'),
    splitFrom: z.int().nullable().describe('the ticket that it was a part of'),
  })
  .meta({ id: 'Ticket' })
export type Ticket = z.infer<typeof ticket>

export const ticketEvent = z
  .object({ at: time, actor: z.string(), kind: z.string(), detail: z.record(z.string(), z.unknown()) })
  .meta({ id: 'TicketEvent' })
export type TicketEvent = z.infer<typeof ticketEvent>

/** What the catalogue says about the suspected mode; null where the mode is `unknown` or no longer catalogued. */
export const modeAdvice = z
  .object({
    name: z.string(),
    label: z.string(),
    action: z.string(),
    skill: z.string(),
    parts: list(z.string()),
    requiredLead: z.number().describe('notice that planning needs, in usage units'),
    partsLeadDays: z.number().optional().describe('days from ordering the parts to having them'),
    costPlanned: z.number(),
    costFailure: z.number(),
  })
  .meta({ id: 'ModeAdvice' })
export type ModeAdvice = z.infer<typeof modeAdvice>

/** One or several, comma separated. */
const several = (what: string) =>
  z
    .string()
    .max(2000)
    .regex(/^[^\0]*$/)
    .transform((text) =>
      text
        .split(',')
        .map((one) => one.trim())
        .filter(Boolean),
    )
    .optional()
    .describe(`${what}; one or several, comma separated`)

/** Which tickets, in which order. */
export const ticketSelection = z.object({
  state: z
    .string()
    .optional()
    .describe('one or several states, comma separated; `unfinished` for all before resolved'),
  site: several('site'),
  device: several('device'),
  assetType: several('asset type'),
  mode: several('failure mode'),
  priority: several(`of ${priorityLevels.join(', ')}`).pipe(z.array(priorityLevel).optional()),
  automation: several('suggest, automatic').pipe(z.array(z.enum(['suggest', 'automatic'])).optional()),
  search: z
    .string()
    .max(200)
    .regex(/^[^\0]*$/)
    .optional()
    .describe('words, each of which stands in number, device, site, asset type, mode or a note'),
  sort: z
    .enum(ticketSorts)
    .default('opened')
    .describe('by priority or act-by date finished tickets come last'),
  direction: z
    .enum(['asc', 'desc'])
    .optional()
    .describe('default: the most pressing, the soonest, the newest first, names from A on'),
})
export type TicketSelection = z.output<typeof ticketSelection>
export const ticketQuery = ticketSelection.extend({
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  offset: z.coerce.number().int().min(0).max(10_000_000).default(0).describe('how many to leave out first'),
})
export type TicketQuery = z.input<typeof ticketQuery>

export const ticketList = z.object({
  tickets: list(ticket),
  total: z.int().describe('how many fit in all'),
  offset: z.int(),
})
export type TicketList = z.infer<typeof ticketList>

export const ticketDetail = z
  .object({
    ticket,
    history: list(ticketEvent).describe('oldest first'),
    advice: modeAdvice.nullable(),
    usageUnit: z.string().nullable().describe('unit of RUL and lead; null for an unknown asset type'),
    rulCap: z.number().nullable(),
    horizon: z.number().nullable(),
    usagePerDay: z.number().nullable(),
    reopenable: z.boolean().describe('it is finished and can be worked on again'),
    allowed: list(ticketState).describe('states this ticket can take from here, by a planner'),
  })
  .meta({ id: 'TicketDetail' })
export type TicketDetail = z.infer<typeof ticketDetail>

export const ticketActions = ['acknowledge', 'schedule', 'start', 'resolve', 'close'] as const
export type TicketAction = (typeof ticketActions)[number]

export const actor = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .describe('who does it; left out: the name of the token, where there are tokens')
export const note = z.string().max(10_000).optional()

/** Body of acknowledge, start and close. */
export const ticketStep = z.object({ actor, version: z.int().positive(), note })
/** Body of schedule. */
export const ticketSchedule = ticketStep.extend({ scheduledFor: time })
/** Body of resolve; `verdictMode` says which mode was confirmed. */
export const ticketResolve = ticketStep.extend({
  verdict: verdict.optional().describe('demanded; TICKET_VERDICT_MISSING without'),
  verdictMode: z.string().optional(),
})
export const ticketComment = z.object({ actor, note: z.string().trim().min(1).max(10_000) })
export type TicketStep = z.input<typeof ticketStep>
export type TicketSchedule = z.input<typeof ticketSchedule>
export type TicketResolve = z.input<typeof ticketResolve>
export type TicketComment = z.input<typeof ticketComment>

/** One channel of the deciding window: `values[i]` belongs to `times[i]` of the evidence, null where it was missing. */
export const evidenceChannel = z.object({
  name: z.string(),
  label: z.string(),
  unit: z.string(),
  role: z.enum(['sensor', 'setting', 'usage']),
  normal: z.tuple([z.number(), z.number()]).nullable(),
  values: list(z.number().nullable()),
  contribution: z.number().nullable(),
})
export type EvidenceChannel = z.infer<typeof evidenceChannel>

export const ticketEvidence = z
  .object({
    ticket: z.int(),
    device: z.string(),
    assetType: z.string(),
    windowEnd: time,
    times: list(time),
    channels: list(evidenceChannel).describe('the largest contribution first'),
    contributions,
    scores: list(storedScore).describe('score history of the device around the window, oldest first'),
    sha256: z.string(),
    model: z.string(),
    backend: z.string(),
    simd: z.boolean(),
  })
  .meta({ id: 'TicketEvidence' })
export type TicketEvidence = z.infer<typeof ticketEvidence>
