import { Readable } from 'node:stream'
import { z } from 'zod'
import { type App, errorAnswer } from '../app.ts'
import type { ServerDeps } from '../deps.ts'
import { ticketSelection } from '../schemas/tickets.ts'
import { wantedBy } from '../views/ticketSelection.ts'
import { ticketsCsv } from '../views/ticketsCsv.ts'

export function ticketExportRoutes(app: App, { tickets }: Pick<ServerDeps, 'tickets'>): void {
  app.get(
    '/api/tickets.csv',
    {
      schema: {
        tags: ['tickets'],
        summary: 'The chosen tickets as CSV, all of them, for a spreadsheet',
        querystring: ticketSelection,
        response: {
          200: { description: 'Tickets', content: { 'text/csv': { schema: z.string() } } },
          default: errorAnswer,
        },
      },
    },
    async ({ query }, reply) =>
      reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', 'attachment; filename="tickets.csv"')
        .send(Readable.from(ticketsCsv(tickets.pieces(wantedBy(query)))) as never),
  )
}
