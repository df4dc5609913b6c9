import { z } from 'zod'
import { criticalities, lifeEventKinds } from '../../../core/device.ts'
import { list, time } from './common.ts'
import { liveScore, scoringState } from './scores.ts'
import { ticket } from './tickets.ts'

export const deviceView = z
  .object({
    device: z.string(),
    site: z.string(),
    assetType: z.string(),
    criticality: z.enum(['low', 'medium', 'high']),
    firstSeen: time,
    state: scoringState,
    reasonText: z.string().nullable().describe('words for the reason when it is not scored'),
    score: liveScore.nullable().describe('newest score; may be older than the state'),
    openTicket: z.int().nullable().describe('id of the newest ticket that is not finished'),
  })
  .meta({ id: 'Device' })
export type DeviceView = z.infer<typeof deviceView>

export const deviceList = z.object({ devices: list(deviceView) })
export type DeviceList = z.infer<typeof deviceList>

export const lifeEvent = z
  .object({ device: z.string(), time, kind: z.enum(lifeEventKinds), detail: z.string() })
  .meta({ id: 'LifeEvent' })
export type LifeEvent = z.infer<typeof lifeEvent>

/** Why a device has, or has not, an alarm. */
export const alarmView = z
  .object({
    raised: z.boolean(),
    mode: z.string().nullable().describe('suspected mode while raised'),
    recent: list(z.boolean()).describe('last scored windows, oldest first: over the threshold or not'),
    over: z.int().describe('how many of them are over'),
    k: z.int().describe('how many have to be over to raise'),
    n: z.int(),
    raiseAt: z.number(),
    clearBelow: z.number(),
    judgedUntil: time,
    explanation: z.string(),
  })
  .meta({ id: 'Alarm' })
export type AlarmView = z.infer<typeof alarmView>

export const latestReading = z.object({ time, values: z.record(z.string(), z.number().nullable()) })
export type LatestReading = z.infer<typeof latestReading>

export const deviceDetail = z
  .object({
    device: deviceView,
    parent: z.string().nullable(),
    events: list(lifeEvent),
    tickets: list(ticket).describe('newest first, finished ones included'),
    latest: latestReading.nullable(),
    alarm: alarmView.nullable().describe('null: no window of it was judged yet'),
  })
  .meta({ id: 'DeviceDetail' })
export type DeviceDetail = z.infer<typeof deviceDetail>

export const trendQuery = z.object({
  channel: z.string().min(1),
  from: z.coerce.number().optional().describe('default: two window lengths before `to`'),
  to: z.coerce.number().optional().describe('default: just after the newest reading of the device'),
  buckets: z.coerce.number().int().min(1).max(2000).default(300),
})
export type TrendQuery = z.input<typeof trendQuery>

export const trendBucket = z.object({
  time: time.describe('start of the bucket'),
  count: z.int(),
  min: z.number(),
  max: z.number(),
  mean: z.number(),
})
export const trend = z
  .object({
    device: z.string(),
    channel: z.string(),
    unit: z.string(),
    normal: z.tuple([z.number(), z.number()]).nullable(),
    from: time,
    to: time,
    bucketMs: z.number(),
    buckets: list(trendBucket).describe('empty buckets are left out'),
  })
  .meta({ id: 'Trend' })
export type Trend = z.infer<typeof trend>

export const lifeEventBody = z.object({
  kind: z.enum(lifeEventKinds),
  time: time.optional().describe('default: now'),
  detail: z.string().max(10_000).default(''),
})
export type LifeEventBody = z.input<typeof lifeEventBody>

/** A device as the register has it. */
export const registeredDevice = z
  .object({
    device: z.string(),
    site: z.string(),
    assetType: z.string(),
    parent: z.string().nullable().describe('the device that it hangs on: its alarm mutes this one'),
    criticality: z.enum(criticalities),
    firstSeen: time,
  })
  .meta({ id: 'RegisteredDevice' })
export type RegisteredDevice = z.infer<typeof registeredDevice>

export const deviceWish = z.object({
  parent: z.string().min(1).max(200).nullable().optional().describe('null: it hangs on nothing'),
  criticality: z.enum(criticalities).optional(),
  actor: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .describe('who says so; left out: the name of the token, where there are tokens'),
})
export type DeviceWish = z.input<typeof deviceWish>

export const deviceEdits = z.object({
  edits: list(
    z.object({
      device: z.string(),
      at: time,
      actor: z.string(),
      field: z.enum(['parent', 'criticality']),
      before: z.string().nullable(),
      after: z.string().nullable(),
    }),
  ),
})
