import { z } from 'zod'
import { list, time } from './common.ts'
import { alarmView } from './devices.ts'
import { scoringState } from './scores.ts'

/** Like decisions about a device, one after the other. */
export const decisionRun = z
  .object({
    kind: z.enum(['raise', 'update', 'clear', 'hold']),
    reason: z.string().describe('named reason'),
    words: z.string().describe('the reason in words'),
    from: time.describe('end of the first window that was decided so'),
    until: time.describe('end of the last one'),
    windows: z.int().describe('how many were; 0 where an event decided'),
    detail: z.string().nullable(),
  })
  .meta({ id: 'DecisionRun' })
export type DecisionRunView = z.infer<typeof decisionRun>

/** Why there is, or is not, a ticket for a device. */
export const deviceDecisions = z
  .object({
    device: z.string(),
    answer: z.string().describe('why there is no ticket for it, in one sentence'),
    openTicket: z.int().nullable(),
    state: scoringState,
    reasonText: z.string().nullable().describe('words for the reason when it is not scored'),
    alarm: alarmView.nullable().describe('null: no window of it was judged yet'),
    mutes: list(
      z.object({
        kind: z.enum(['maintenance', 'planned_stop']),
        from: time,
        until: time,
        reason: z.string(),
      }),
    ).describe('in force at its newest window, or now'),
    runs: list(decisionRun).describe('what was decided lately, newest first'),
  })
  .meta({ id: 'DeviceDecisions' })
export type DeviceDecisions = z.infer<typeof deviceDecisions>
