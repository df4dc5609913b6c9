import { ForewarnError } from '../../../core/errors.ts'
import { type App, answers } from '../app.ts'
import type { ServerDeps } from '../deps.ts'
import { problemOf } from '../errors.ts'
import { ticketParams } from '../schemas/common.ts'
import { ticket } from '../schemas/tickets.ts'
import {
  acknowledgeMany,
  manyAnswered,
  ticketMerge,
  ticketReopen,
  ticketSplit,
} from '../schemas/ticketWork.ts'
import { assertMode } from '../views/modes.ts'

const tags = ['tickets']

/** What a planner does beyond taking a ticket from state to state. */
export function ticketWorkRoutes(app: App, deps: ServerDeps): void {
  const { tickets } = deps

  app.post(
    '/api/tickets/acknowledge',
    {
      schema: {
        tags,
        summary: 'Take many tickets on; each is answered by itself',
        body: acknowledgeMany,
        response: answers(manyAnswered),
      },
    },
    async (request) => {
      const { actor, note, tickets: wanted } = request.body
      const results: Awaited<ReturnType<typeof one>>[] = []
      for (const { id, version } of wanted) results.push(await one(id, version))
      return { results }

      async function one(id: number, version: number) {
        try {
          const done = await tickets.change(id, { to: 'acknowledged', actor, version, note })
          return { ok: true as const, id, ticket: done }
        } catch (error) {
          // what is away is away for all of them
          if (!(error instanceof ForewarnError) || error.status >= 500) throw error
          return { ok: false as const, id, problem: problemOf(error, request) }
        }
      }
    },
  )

  app.post(
    '/api/tickets/:id/reopen',
    {
      schema: {
        tags,
        summary: 'Work on a finished ticket again, with the reason; its verdict is taken back',
        params: ticketParams,
        body: ticketReopen,
        response: answers(ticket),
      },
    },
    ({ params: { id }, body }) => tickets.reopen(id, body),
  )

  app.post(
    '/api/tickets/:id/merge',
    {
      schema: {
        tags,
        summary:
          'Put a ticket into another one of its device or a disturbance of its site, which is answered',
        params: ticketParams,
        body: ticketMerge,
        response: answers(ticket),
      },
    },
    ({ params: { id }, body }) => tickets.merge(id, body),
  )

  app.post(
    '/api/tickets/:id/split',
    {
      schema: {
        tags,
        summary: 'Make a ticket of its own of a device or a second suspicion, which is answered',
        params: ticketParams,
        body: ticketSplit,
        response: answers(ticket),
      },
    },
    async ({ params: { id }, body }) => {
      if (body.mode !== undefined) await assertMode(deps, id, body.mode)
      return tickets.split(id, body)
    },
  )
}
