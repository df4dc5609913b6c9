import { z } from 'zod'
import { notScoredReasons } from '../../../core/score.ts'
import { list, time } from './common.ts'

const reasons = Object.keys(notScoredReasons) as [keyof typeof notScoredReasons]

/** A device has not been scored for a while. */
export const notice = z
  .object({
    id: z.int(),
    device: z.string(),
    site: z.string(),
    assetType: z.string(),
    reason: z.enum(reasons),
    openedAt: time,
    closedAt: time.nullable().describe('when it was scored again; null while it is not'),
  })
  .meta({ id: 'Notice' })
export type NoticeView = z.infer<typeof notice>

export const noticeList = z.object({ notices: list(notice) })
export type NoticeList = z.infer<typeof noticeList>

export const noticeQuery = z.object({
  open: z.enum(['true', 'false']).optional().describe('only those that are, or are not; all where left out'),
  device: z.string().min(1).max(200).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(200),
})
