import { z } from 'zod'
import { maintenanceScopes } from '../../../core/maintenance.ts'
import { list, time } from './common.ts'

export const maintenanceWindow = z
  .object({
    id: z.int(),
    scope: z.enum(maintenanceScopes),
    of: z.string().describe('name of the device, site or asset type'),
    from: time,
    to: time,
    reason: z.string(),
    actor: z.string(),
    endedBy: z.string().nullable().describe('who ended it early'),
    state: z.enum(['planned', 'in_force', 'over']),
  })
  .meta({ id: 'MaintenanceWindow' })
export type MaintenanceView = z.infer<typeof maintenanceWindow>

export const maintenanceList = z.object({ maintenance: list(maintenanceWindow) })
export type MaintenanceList = z.infer<typeof maintenanceList>

export const maintenanceQuery = z.object({
  state: z.enum(['planned', 'in_force', 'over']).optional().describe('all where left out'),
})

const actor = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .describe('who does it; left out: the name of the token, where there are tokens')

/** Years ahead and back that a time can lie: what is further away was given in seconds, or by mistake. */
const yearMs = 366 * 86_400_000
const moment = time.min(0).max(8_640_000_000_000_000)

export const maintenanceBody = z.object({
  scope: z.enum(maintenanceScopes),
  of: z.string().trim().min(1).max(200),
  from: moment.optional().describe('default: now'),
  to: moment.optional().describe('this or `hours`'),
  hours: z
    .number()
    .positive()
    .max(yearMs / 3_600_000)
    .optional()
    .describe('how long it lasts'),
  reason: z.string().trim().min(1).max(500),
  actor,
})
export type MaintenanceBody = z.input<typeof maintenanceBody>

export const maintenanceEnd = z.object({ actor, at: moment.optional().describe('default: now') })
export const maintenanceParams = z.object({ id: z.coerce.number().int().positive().max(2_147_483_647) })
