import { isFinished, type TicketChange, transitions } from '../../../core/ticket.ts'
import { type App, answers } from '../app.ts'
import type { ServerDeps } from '../deps.ts'
import { ticketParams } from '../schemas/common.ts'
import {
  keptPrediction,
  ticket,
  ticketComment,
  ticketDetail,
  ticketEvidence,
  ticketList,
  ticketQuery,
  ticketResolve,
  ticketSchedule,
  ticketStep,
} from '../schemas/tickets.ts'
import { adviceFor } from '../views/advice.ts'
import { viewEvidence } from '../views/evidence.ts'
import { assertMode } from '../views/modes.ts'
import { wantedBy } from '../views/ticketSelection.ts'

const tags = ['tickets']

export function ticketRoutes(app: App, deps: ServerDeps): void {
  const { tickets } = deps

  app.get(
    '/api/tickets',
    {
      schema: {
        tags,
        summary: 'Tickets, page by page, chosen and sorted',
        querystring: ticketQuery,
        response: answers(ticketList),
      },
    },
    async ({ query: { limit, offset, ...selection } }) => {
      const page = await tickets.page({ ...wantedBy(selection), limit, offset })
      return { ...page, offset }
    },
  )

  app.get(
    '/api/tickets/:id',
    {
      schema: {
        tags,
        summary: 'A ticket with its history and what the catalogue advises',
        params: ticketParams,
        response: answers(ticketDetail),
      },
    },
    ({ params: { id } }) => detail(deps, id),
  )

  app.get(
    '/api/tickets/:id/evidence',
    {
      schema: {
        tags,
        summary: 'The deciding window, the forecasts around it and the contributions',
        params: ticketParams,
        response: answers(ticketEvidence),
      },
    },
    async ({ params: { id } }) => viewEvidence(deps, await tickets.get(id)),
  )

  app.get(
    '/api/tickets/:id/prediction',
    {
      schema: {
        tags,
        summary: 'The newest prediction behind a ticket as it was kept, to compute its score again',
        params: ticketParams,
        response: answers(keptPrediction),
      },
    },
    async ({ params: { id } }) => (await tickets.get(id)).prediction,
  )

  app.post(
    '/api/tickets/:id/schedule',
    {
      schema: {
        tags,
        summary: 'Plan the work for a time; also to plan it anew',
        params: ticketParams,
        body: ticketSchedule,
        response: answers(ticket),
      },
    },
    ({ params: { id }, body }) => tickets.change(id, { ...body, to: 'scheduled' }),
  )

  app.post(
    '/api/tickets/:id/resolve',
    {
      schema: {
        tags,
        summary: 'Say what was found',
        params: ticketParams,
        body: ticketResolve,
        response: answers(ticket),
      },
    },
    async ({ params: { id }, body }) => {
      if (body.verdictMode !== undefined) await assertMode(deps, id, body.verdictMode)
      return tickets.change(id, { ...body, to: 'resolved' })
    },
  )

  const steps = [
    { action: 'acknowledge', to: 'acknowledged', summary: 'Take a ticket on' },
    { action: 'start', to: 'in_progress', summary: 'Begin the work, or begin again after resolving' },
    { action: 'close', to: 'closed', summary: 'Close a resolved ticket for good' },
  ] as const
  for (const { action, to, summary } of steps) {
    app.post(
      `/api/tickets/:id/${action}`,
      { schema: { tags, summary, params: ticketParams, body: ticketStep, response: answers(ticket) } },
      ({ params: { id }, body }) => tickets.change(id, { ...body, to } satisfies TicketChange),
    )
  }

  app.post(
    '/api/tickets/:id/comment',
    {
      schema: {
        tags,
        summary: 'Add a remark to the history; the version stays',
        params: ticketParams,
        body: ticketComment,
        response: answers(ticket),
      },
    },
    ({ params: { id }, body }) => tickets.comment(id, body.actor, body.note),
  )
}

async function detail(deps: ServerDeps, id: number) {
  const found = await deps.tickets.get(id)
  const type = deps.catalogue.get(found.assetType)
  return {
    ticket: found,
    history: await deps.tickets.history(id),
    advice: adviceFor(type, found.mode),
    usageUnit: type?.usage.unit ?? null,
    usagePerDay: type?.usage.perDay ?? null,
    rulCap: type?.rulCap ?? null,
    horizon: type?.horizon ?? null,
    // `withdrawn` is the policy's.
    allowed: transitions[found.state].filter((state) => state !== 'withdrawn'),
    reopenable: isFinished(found.state) && found.mergedInto === null,
  }
}
