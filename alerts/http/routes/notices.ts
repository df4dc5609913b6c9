import { type App, answers } from '../app.ts'
import type { ServerDeps } from '../deps.ts'
import { noticeList, noticeQuery } from '../schemas/notices.ts'

/** Devices that are not scored for longer than they should: nobody's ticket, and not to be overlooked. */
export function noticeRoutes(app: App, { notices }: Pick<ServerDeps, 'notices'>): void {
  app.get(
    '/api/notices',
    {
      schema: {
        tags: ['notices'],
        summary: 'Notices about devices that are not scored, newest first; they close themselves',
        querystring: noticeQuery,
        response: answers(noticeList),
      },
    },
    async ({ query: { open, device, limit } }) => ({
      notices: await notices.list({
        limit,
        ...(open !== undefined && { open: open === 'true' }),
        ...(device !== undefined && { device }),
      }),
    }),
  )
}
